import Foundation

/// A scan's configuration while it is put together: the defaults, then files, then single settings,
/// each laid over what came before.
///
/// It knows which settings the user chose; those never adapt to the crawl.
///
/// ```swift
/// var document = ConfigurationDocument()
/// try document.merge(jsonFile: "scan.json")
/// try document.set("training.batchSize=128")
/// let configuration = try document.decoded()
/// ```
public struct ConfigurationDocument: Sendable {
  /// Dotted names of what the user set, whether or not the value differs from the default.
  public private(set) var explicitNames: Set<String> = []
  private var values: [String: SettingValue]

  /// The defaults.
  public init() { values = Setting.defaultLeaves() }

  /// A configuration under dotted names.
  static func leaves(
    of configuration: ScanConfiguration
  ) throws(ConfigurationError) -> [String: SettingValue] {
    do {
      let data = try JSONEncoder().encode(configuration)
      let leaves = try JSONDecoder().decode(SettingValue.self, from: data).leaves()
      return Dictionary(uniqueKeysWithValues: leaves.map { ($0.name, $0.value) })
    } catch {
      // JSON has no infinities, so a number that is not finite ends here.
      throw .refused(reason: "a number is not finite.")
    }
  }

  /// The value in force.
  public func value(of setting: Setting) -> SettingValue { values[setting.name] ?? .null }

  /// Lays a JSON file over the settings.
  ///
  /// Groups are objects; dotted names are understood as well. The configuration that a report
  /// stores can be given as it is.
  ///
  /// - Throws: ``ConfigurationError`` that names file and setting.
  public mutating func merge(jsonFile path: String) throws(ConfigurationError) {
    let data: Data
    do {
      data = try Data(contentsOf: URL(fileURLWithPath: path))
    } catch {
      let isMissing = !FileManager.default.fileExists(atPath: path)
      throw .unreadableFile(
        path: path, reason: isMissing ? "there is no such file." : "it cannot be read.")
    }
    try merge(json: data, origin: path)
  }

  /// Lays a JSON object over the settings; `origin` is named in errors.
  ///
  /// - Throws: ``ConfigurationError`` that names origin and setting.
  public mutating func merge(json: Data, origin: String) throws(ConfigurationError) {
    let tree: SettingValue
    do {
      tree = try JSONDecoder().decode(SettingValue.self, from: json)
    } catch {
      throw .malformedFile(path: origin, reason: "it is not valid JSON.")
    }
    guard case .object = tree else {
      throw .malformedFile(path: origin, reason: "it is JSON, but not an object.")
    }
    for (name, value) in tree.leaves() where value != .object([:]) {
      try set(name, to: value, origin: origin)
    }
  }

  /// Takes `NAME=VALUE` as `--set` has it.
  ///
  /// The value is JSON (`0.5`, `true`) or plain text.
  ///
  /// - Throws: ``ConfigurationError`` that names the setting and what it takes.
  public mutating func set(_ assignment: String) throws(ConfigurationError) {
    guard let equals = assignment.firstIndex(of: "=") else {
      throw .malformedAssignment(assignment)
    }
    let name = assignment[..<equals].trimmingCharacters(in: .whitespaces)
    let text = assignment[assignment.index(after: equals)...].trimmingCharacters(in: .whitespaces)
    guard !name.isEmpty, !text.isEmpty else { throw .malformedAssignment(assignment) }
    var value = SettingValue(typed: text)
    // A text setting takes what looks like a number as text.
    if Setting.named(name)?.kind.isText == true, value != .null { value = .text(text) }
    try set(name, to: value, origin: "--set \(assignment)")
  }

  /// Sets one value; `origin` is named in errors.
  ///
  /// - Throws: ``ConfigurationError``.
  public mutating func set(
    _ name: String, to value: SettingValue, origin: String
  ) throws(ConfigurationError) {
    guard let setting = Setting.named(name) else {
      guard Setting.all.allSatisfy({ !$0.name.hasPrefix(name + ".") }) else {
        throw .isGroup(name: name, origin: origin)
      }
      throw .unknownSetting(name: name, nearest: Setting.nearest(to: name)?.name, origin: origin)
    }
    guard setting.kind.accepts(value) else {
      throw .wrongValue(
        name: name, value: value.description, expected: setting.kind.description, origin: origin)
    }
    values[name] = value == .null ? nil : value
    explicitNames.insert(name)
  }

  /// The configuration.
  ///
  /// - Throws: ``ConfigurationError`` where a value does not fit its type although its kind accepts it,
  ///   such as a number beyond the range of `Float`.
  public func decoded() throws(ConfigurationError) -> ScanConfiguration {
    do {
      let data = try JSONEncoder().encode(SettingValue(leaves: values))
      return try JSONDecoder().decode(ScanConfiguration.self, from: data)
    } catch let error as DecodingError {
      let name = Self.path(of: error)
      let setting = Setting.named(name)
      throw .wrongValue(
        name: name, value: values[name]?.description ?? "none",
        expected: setting?.kind.description ?? "another value", origin: "configuration")
    } catch {
      // What a room's own configuration says about values that do not go together.
      throw .refused(reason: "\(error)")
    }
  }

  /// All settings as one JSON object, to keep and to give to `--config`.
  ///
  /// - Throws: `EncodingError`, which no accepted value causes.
  public func json() throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return try encoder.encode(SettingValue(leaves: values))
  }

  private static func path(of error: DecodingError) -> String {
    let context: DecodingError.Context? =
      switch error {
      case .typeMismatch(_, let context), .valueNotFound(_, let context),
        .keyNotFound(_, let context), .dataCorrupted(let context):
        context
      @unknown default: nil
      }
    return (context?.codingPath ?? []).map(\.stringValue).joined(separator: ".")
  }
}
