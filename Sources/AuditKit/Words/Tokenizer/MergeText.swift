/// Merges as text: a line for each, two symbols in CLIP's printable alphabet (`ByteAlphabet`) with a
/// space between them, `</w>` behind a symbol that ends a word.
enum MergeText {
  /// Reads lines, each of which may use what the lines before it make.
  static func merges(
    _ lines: some Sequence<some StringProtocol>
  ) throws(MergeFault) -> [BytePairTokenizer.Merge] {
    var strings = TokenStrings()
    var merges: [BytePairTokenizer.Merge] = []
    for (rank, line) in lines.enumerated() {
      let symbols = Substring(line).split(separator: " ", omittingEmptySubsequences: false)
      guard symbols.count == 2 else { throw MergeFault(rank: rank, kind: .notTwoSymbols) }
      guard let left = token(symbols[0], in: strings), let right = token(symbols[1], in: strings)
      else { throw MergeFault(rank: rank, kind: .unknownSymbol) }
      guard strings.append(left, right) else { throw MergeFault(rank: rank, kind: .madeBefore) }
      merges.append(BytePairTokenizer.Merge(left: left, right: right))
    }
    return merges
  }

  /// Writes the merges of a tokenizer.
  static func lines(of tokenizer: BytePairTokenizer) -> [String] {
    func symbol(_ token: Int32) -> String {
      guard let (bytes, endsWord) = tokenizer.bytes(of: token) else { return "" }
      return ByteAlphabet.text(of: bytes, endsWord: endsWord)
    }
    return tokenizer.merges.map { "\(symbol($0.left)) \(symbol($0.right))" }
  }

  private static func token(_ text: Substring, in strings: TokenStrings) -> Int32? {
    ByteAlphabet.symbol(text).flatMap { strings.token(bytes: $0.bytes, endsWord: $0.endsWord) }
  }
}
