/// Reads a configuration object: missing keys keep their defaults, unknown keys are refused, so that
/// a slip of the pen is not a silent default.
struct KnownSettings<Keys: CodingKey & CaseIterable> {
  private let container: KeyedDecodingContainer<Keys>

  /// - Throws: `DecodingError.dataCorrupted` for an unknown key, naming the nearest known one.
  init(of decoder: any Decoder, _ keys: Keys.Type) throws {
    container = try decoder.container(keyedBy: keys)
    let known = keys.allCases.map(\.stringValue)
    let given = try decoder.container(keyedBy: AnyKey.self).allKeys.map(\.stringValue)
    for key in given.sorted() where !known.contains(key) {
      let nearest = known.min { AnyKey.distance(key, $0) < AnyKey.distance(key, $1) } ?? "none"
      throw DecodingError.dataCorrupted(
        DecodingError.Context(
          codingPath: decoder.codingPath,
          debugDescription: "unknown setting '\(key)': did you mean '\(nearest)'?"))
    }
  }

  /// Reads a value that must lie in `range`.
  func read<Value: Decodable & Comparable>(
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
  func readRange<Value: Decodable & Comparable>(
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

  /// Reads a value of any kind.
  func read<Value: Decodable>(_ key: Keys, into value: inout Value) throws {
    value = try container.decodeIfPresent(Value.self, forKey: key) ?? value
  }
}

private struct AnyKey: CodingKey {
  let stringValue: String
  let intValue: Int? = nil

  init(stringValue: String) { self.stringValue = stringValue }
  init?(intValue: Int) { nil }

  /// Levenshtein's distance, without regard to case; 0 for what is a beginning of the other.
  static func distance(_ given: String, _ known: String) -> Int {
    let (first, second) = (Array(given.lowercased()), Array(known.lowercased()))
    if second.starts(with: first) || first.starts(with: second) { return 0 }
    var row = Array(0...second.count)
    for (i, character) in first.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, other) in second.enumerated() {
        let replaced = diagonal + (character == other ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = min(replaced, row[j] + 1, diagonal + 1)
      }
    }
    return row[second.count]
  }
}
