/// Refuses settings that do not exist, with the name that was probably meant.
enum SettingNames {
  /// Throws `WordsError.setting` if the decoder holds a key that `Keys` lacks.
  static func check<Keys: CodingKey & CaseIterable>(
    _ decoder: any Decoder, _ keys: Keys.Type
  ) throws {
    let known = Keys.allCases.map(\.stringValue)
    let found = try decoder.container(keyedBy: AnyKey.self).allKeys.map(\.stringValue).sorted()
    guard let unknown = found.first(where: { !known.contains($0) }) else { return }
    let path = (decoder.codingPath.map(\.stringValue) + [unknown]).joined(separator: ".")
    let nearest = known.min { distance($0, unknown) < distance($1, unknown) } ?? ""
    throw WordsError.unknownSetting(name: path, nearest: nearest, known: known)
  }

  /// The least number of letters to insert, delete or replace (Levenshtein, 1966).
  private static func distance(_ first: String, _ second: String) -> Int {
    let columns = Array(second.lowercased())
    var row = Array(0...columns.count)
    for (index, letter) in first.lowercased().enumerated() {
      var diagonal = row[0]
      row[0] = index + 1
      for (column, other) in columns.enumerated() {
        let replaced = diagonal + (letter == other ? 0 : 1)
        diagonal = row[column + 1]
        row[column + 1] = min(replaced, diagonal + 1, row[column] + 1)
      }
    }
    return row[columns.count]
  }

  private struct AnyKey: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init?(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }
}
