/// The byte strings of a growing vocabulary, each ending in a mark that says whether it ends a word.
struct TokenStrings {
  static let endMark: UInt8 = 1
  static let insideMark: UInt8 = 0

  private var table = ByteStringTable(minimumCapacity: 2 * ByteAlphabet.tokenCount)

  /// The 512 tokens of one byte.
  init() {
    for mark in [Self.insideMark, Self.endMark] {
      for byte in ByteAlphabet.byteOfToken { _ = table.insert([byte, mark].span) }
    }
  }

  var count: Int { table.count }

  func endsWord(_ token: Int32) -> Bool {
    table.arena[table.range(of: Int(token)).upperBound - 1] == Self.endMark
  }

  /// The number of a symbol, if the vocabulary has it.
  func token(bytes: [UInt8], endsWord: Bool) -> Int32? {
    let entry = bytes + [endsWord ? Self.endMark : Self.insideMark]
    return table.index(of: entry.span).map { Int32($0) }
  }

  /// Adds the token that two others make; false if the vocabulary has it already.
  mutating func append(_ left: Int32, _ right: Int32) -> Bool {
    let leftBytes = table.arena[table.range(of: Int(left)).dropLast()]
    let joined = Array(leftBytes + table.arena[table.range(of: Int(right))])
    return table.insert(joined.span).isNew
  }

  /// All strings one behind the other, and where each ends.
  var bytesAndEnds: ([UInt8], [Int]) {
    (table.arena, (0..<table.count).map { table.range(of: $0).upperBound })
  }
}
