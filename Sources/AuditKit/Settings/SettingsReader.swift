/// Reads a configuration object: missing keys keep their defaults, unknown keys are refused, so that
/// a slip of the pen is not a silent default.
package struct SettingsReader<Keys: CodingKey & CaseIterable> {
  private let container: KeyedDecodingContainer<Keys>

  /// Opens the object that `decoder` stands at.
  ///
  /// - Throws: `DecodingError.dataCorrupted` for a key that `Keys` lacks, naming the nearest known one.
  package init(_ decoder: any Decoder, _ keys: Keys.Type) throws {
    container = try decoder.container(keyedBy: keys)
    let known = keys.allCases.map(\.stringValue)
    let given = try decoder.container(keyedBy: AnyKey.self).allKeys.map(\.stringValue)
    guard let unknown = given.sorted().first(where: { !known.contains($0) }) else { return }
    let path = (decoder.codingPath.map(\.stringValue) + [unknown]).joined(separator: ".")
    let hint =
      Spelling.nearest(to: unknown, among: known).map { "did you mean '\($0)'?" }
      ?? "known here are \(known.joined(separator: ", "))"
    throw DecodingError.dataCorrupted(
      DecodingError.Context(
        codingPath: decoder.codingPath, debugDescription: "unknown setting '\(path)': \(hint)"))
  }

  /// Reads a value of any kind.
  ///
  /// Null keeps the default.
  package func read<Value: Decodable>(_ key: Keys, into value: inout Value) throws {
    value = try container.decodeIfPresent(Value.self, forKey: key) ?? value
  }

  /// Reads one of a few words, and names them where it is another.
  package func read<Choice>(_ key: Keys, into value: inout Choice) throws
  where Choice: RawRepresentable<String> & CaseIterable {
    guard let word = try container.decodeIfPresent(String.self, forKey: key) else { return }
    guard let choice = Choice(rawValue: word) else {
      let known = Choice.allCases.map(\.rawValue).joined(separator: ", ")
      throw DecodingError.dataCorruptedError(
        forKey: key, in: container,
        debugDescription: "'\(key.stringValue)' is '\(word)', and must be one of \(known)")
    }
    value = choice
  }

  /// Reads a value that may be nothing: null is nil.
  package func read<Value: Decodable>(_ key: Keys, into value: inout Value?) throws {
    guard container.contains(key) else { return }
    value = try container.decodeIfPresent(Value.self, forKey: key)
  }

  /// Reads a value that must lie in `range`.
  package func read<Value: Decodable & Comparable>(
    _ key: Keys, into value: inout Value, _ range: ClosedRange<Value>
  ) throws {
    try read(key, into: &value)
    guard range.contains(value) else {
      throw DecodingError.dataCorruptedError(
        forKey: key, in: container,
        debugDescription: "'\(key.stringValue)' is \(value), and must lie in "
          + "\(range.lowerBound)...\(range.upperBound)")
    }
  }

  /// Reads the two ends of a range, both in `bounds`, the first not above the second.
  package func readRange<Value: Decodable & Comparable>(
    _ lowerKey: Keys, into lower: inout Value, _ upperKey: Keys, into upper: inout Value,
    _ bounds: ClosedRange<Value>
  ) throws {
    try read(lowerKey, into: &lower, bounds)
    try read(upperKey, into: &upper, bounds)
    guard lower <= upper else {
      throw DecodingError.dataCorruptedError(
        forKey: lowerKey, in: container,
        debugDescription: "'\(lowerKey.stringValue)' is \(lower), above "
          + "'\(upperKey.stringValue)', which is \(upper)")
    }
  }

  private struct AnyKey: CodingKey {
    let stringValue: String
    let intValue: Int? = nil

    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }
}
