/// The tokens of words met before, up to a number of words; then it starts afresh.
struct WordCache: Sendable {
  /// Longer words are not worth remembering: they do not come back.
  static let longestWord = 64

  private let capacity: Int
  private var words: ByteStringTable
  private var tokens: [Int32] = []
  private var ends: [Int] = []

  init(capacity: Int) {
    self.capacity = capacity
    words = ByteStringTable(minimumCapacity: min(capacity, 1 << 10))
  }

  /// Appends the tokens of a word to `output`; false if the word is not here.
  @inline(__always)
  func append(_ word: Span<UInt8>, to output: inout [Int32]) -> Bool {
    guard word.count <= Self.longestWord, let index = words.index(of: word) else { return false }
    for position in (index == 0 ? 0 : ends[index - 1])..<ends[index] {
      output.append(tokens[position])
    }
    return true
  }

  /// Remembers the tokens of a word that is not here yet.
  mutating func remember(_ word: Span<UInt8>, _ wordTokens: [Int32]) {
    guard capacity > 0, word.count <= Self.longestWord else { return }
    if words.count >= capacity {
      words.removeAll()
      tokens.removeAll(keepingCapacity: true)
      ends.removeAll(keepingCapacity: true)
    }
    _ = words.insert(word)
    tokens += wordTokens
    ends.append(tokens.count)
  }
}
