import AuditSettings

/// The fields of one object of open_clip's JSON, checked against those that are known.
struct OpenCLIPFields {
  /// A value under which a field that is not supported changes nothing.
  ///
  /// Null always is one.
  enum Value: Equatable {
    case bool(Bool)
    case number(Double)
    case string(String)
    /// The field has no effect on the towers.
    case anything
  }

  private let container: KeyedDecodingContainer<FieldName>

  /// Opens the object at `decoder`.
  ///
  /// Each of its fields must be one of `known`, or one of `neutral` with a value that changes
  /// nothing.
  init(_ decoder: any Decoder, known: [String], neutral: [String: [Value]]) throws {
    container = try decoder.container(keyedBy: FieldName.self)
    let allKeys = container.allKeys.sorted { $0.stringValue < $1.stringValue }
    for key in allKeys where !known.contains(key.stringValue) {
      let path = container.path(to: key)
      guard let allowed = neutral[key.stringValue] else {
        let nearest = Spelling.nearest(
          to: key.stringValue, among: known + neutral.keys.sorted())
        throw EncoderError.unknownField(path, nearest: nearest.map { container.path(to: $0) })
      }
      if try container.decodeNil(forKey: key) || allowed.contains(.anything) { continue }
      guard let value = Self.scalar(container, key), allowed.contains(value) else {
        let shown = Self.scalar(container, key).map { "\($0)" } ?? "an object or a list"
        throw EncoderError.unsupportedField(path, value: shown)
      }
    }
  }

  /// A field's value, or nil where it is missing or null.
  func value<T: Decodable>(_ name: String) throws -> T? {
    try container.decodeIfPresent(T.self, forKey: FieldName(name))
  }

  /// The value of a field that must be there.
  func require<T: Decodable>(_ name: String) throws -> T {
    guard let value: T = try value(name) else {
      throw EncoderError.missingField(container.path(to: FieldName(name)))
    }
    return value
  }

  private static func scalar(
    _ container: KeyedDecodingContainer<FieldName>, _ key: FieldName
  ) -> Value? {
    if let value = try? container.decode(Bool.self, forKey: key) { return .bool(value) }
    if let value = try? container.decode(Double.self, forKey: key) { return .number(value) }
    if let value = try? container.decode(String.self, forKey: key) { return .string(value) }
    return nil
  }
}

extension OpenCLIPFields.Value: CustomStringConvertible {
  var description: String {
    switch self {
    case .bool(let value): "\(value)"
    case .number(let value): "\(value)"
    case .string(let value): "\"\(value.prefix(80))\""
    case .anything: "anything"
    }
  }
}

/// A field by its name in JSON.
struct FieldName: CodingKey {
  let stringValue: String

  var intValue: Int? { nil }

  init(_ name: String) { stringValue = name }
  init(stringValue: String) { self.stringValue = stringValue }
  init?(intValue: Int) { nil }
}

extension KeyedDecodingContainer<FieldName> {
  /// `vision_cfg.width`, as messages name fields.
  fileprivate func path(to field: FieldName) -> String {
    (codingPath.map(\.stringValue) + [field.stringValue]).joined(separator: ".")
  }

  fileprivate func path(to field: String) -> String { path(to: FieldName(field)) }
}
