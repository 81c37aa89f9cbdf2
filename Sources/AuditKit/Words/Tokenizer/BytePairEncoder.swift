/// Turns captions into tokens, one after the other, for one thread.
///
/// A value: give each thread its own. What it remembers only saves time, the tokens are the same
/// from a fresh one.
package struct BytePairEncoder: Sendable {
  package let tokenizer: BytePairTokenizer
  private let scanner: WordScanner
  private var cache: WordCache
  private var merger = WordMerger()
  private var cleaned: [UInt8] = []
  private var tokens: [Int32] = []

  /// A run of more bytes than this without a break is merged in pieces of this length.
  ///
  /// No word is that long; it bounds time and memory for a hostile caption.
  static let longestPiece = 1 << 16

  /// An encoder that remembers so many words, of about 60 bytes each.
  package init(_ tokenizer: BytePairTokenizer, cachedWords: Int = 1 << 15) {
    self.tokenizer = tokenizer
    scanner = tokenizer.scanner
    cache = WordCache(capacity: cachedWords)
  }

  /// The caption as the text tower wants it, `[contextLength]`: start token, the caption's tokens,
  /// end token, zeros.
  ///
  /// A longer caption is cut; the end token always stays.
  package mutating func encode(_ caption: String, contextLength: Int) -> [Int32] {
    encode([caption], contextLength: contextLength)
  }

  /// Several captions, `[captions, contextLength]`.
  package mutating func encode(_ captions: [String], contextLength: Int) -> [Int32] {
    var rows = [Int32](repeating: 0, count: captions.count * contextLength)
    var span = rows.mutableSpan
    for (index, caption) in captions.enumerated() {
      encode(caption, contextLength: contextLength, into: &span, at: index * contextLength)
    }
    return rows
  }

  /// As `encode(_:contextLength:)`, into `contextLength` tokens of a batch from `offset` on.
  package mutating func encode(
    _ caption: String, contextLength: Int, into batch: inout MutableSpan<Int32>, at offset: Int
  ) {
    precondition(contextLength >= 2, "a context holds at least the start and the end token")
    collect(caption, limit: contextLength - 2)
    let used = min(tokens.count, contextLength - 2)
    batch[offset] = tokenizer.startToken
    for index in 0..<used { batch[offset + 1 + index] = tokens[index] }
    batch[offset + 1 + used] = tokenizer.endToken
    for index in used + 2..<contextLength { batch[offset + index] = 0 }
  }

  /// All tokens of a caption, without start and end token.
  package mutating func tokens(of caption: String) -> [Int32] {
    collect(caption, limit: .max)
    return tokens
  }

  /// Fills `tokens` with at least `limit` tokens, or all there are.
  private mutating func collect(_ caption: String, limit: Int) {
    CaptionCleaner.clean(caption, into: &cleaned)
    tokens.removeAll(keepingCapacity: true)
    // Moved out, so that the rest of the encoder may change while the text is looked at.
    let text = cleaned
    cleaned = []
    var position = 0
    while tokens.count < limit, let word = scanner.nextWord(in: text.span, from: &position) {
      switch word {
      case .text(let range): append(text.span.extracting(range), limit: limit)
      case .start: tokens.append(tokenizer.startToken)
      case .end: tokens.append(tokenizer.endToken)
      }
    }
    cleaned = text
  }

  @inline(__always)
  private mutating func append(_ word: Span<UInt8>, limit: Int) {
    if cache.append(word, to: &tokens) { return }
    if word.count <= Self.longestPiece {
      merger.merge(word, with: tokenizer.mergedToken)
      cache.remember(word, merger.tokens)
      tokens += merger.tokens
      return
    }
    var start = 0
    while start < word.count, tokens.count < limit {
      let end = min(start + Self.longestPiece, word.count)
      merger.merge(
        word.extracting(start..<end), endsWord: end == word.count, with: tokenizer.mergedToken)
      tokens += merger.tokens
      start = end
    }
  }
}
