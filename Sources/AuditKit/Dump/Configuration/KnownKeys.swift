/// Refuses keys that a configuration does not have, so that a slip of the pen is not a default.
package enum KnownKeys {
  /// Looks through the keys of the object that `decoder` stands at.
  ///
  /// - Throws: `DecodingError.dataCorrupted`, naming the unknown key and the nearest known one.
  package static func check(_ decoder: any Decoder, _ known: [String]) throws {
    let given = try decoder.container(keyedBy: AnyKey.self).allKeys.map(\.stringValue).sorted()
    for key in given where !known.contains(key) {
      let nearest = known.min { editDistance(key, $0) < editDistance(key, $1) }
      let hint = nearest.map { ": did you mean '\($0)'?" } ?? ""
      throw DecodingError.dataCorrupted(
        DecodingError.Context(
          codingPath: decoder.codingPath, debugDescription: "unknown setting '\(key)'\(hint)"))
    }
  }

  /// Levenshtein's distance, without regard to case.
  package static func editDistance(_ first: String, _ second: String) -> Int {
    let first = Array(first.lowercased())
    let second = Array(second.lowercased())
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

  private struct AnyKey: CodingKey {
    let stringValue: String
    let intValue: Int? = nil

    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }
}
