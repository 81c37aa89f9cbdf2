extension BytePairTokenizer {
  /// One caption as the text tower wants it, `[contextLength]` (see `BytePairEncoder`).
  package func encode(_ caption: String, contextLength: Int = 77) -> [Int32] {
    var encoder = BytePairEncoder(self, cachedWords: 0)
    return encoder.encode(caption, contextLength: contextLength)
  }

  /// The text of tokens up to the first end token: its words with one space between them.
  ///
  /// Words are the tokenizer's, so "don't" comes back as "don 't". Numbers outside the vocabulary
  /// and bytes that are no UTF-8 become U+FFFD.
  package func decode(_ tokens: some Sequence<Int32>) -> String {
    var text: [UInt8] = []
    for token in tokens where token != startToken {
      if token == endToken { break }
      guard let (bytes, endsWord) = bytes(of: token) else {
        text += "\u{FFFD}".utf8
        continue
      }
      text += bytes
      if endsWord { text.append(UInt8(ascii: " ")) }
    }
    if text.last == UInt8(ascii: " ") { text.removeLast() }
    return String(decoding: text, as: UTF8.self)
  }

  /// The words that a caption is cut into, after cleaning.
  package func words(of caption: String) -> [String] {
    var text: [UInt8] = []
    CaptionCleaner.clean(caption, into: &text)
    var words: [String] = []
    var position = 0
    while let word = scanner.nextWord(in: text.span, from: &position) {
      switch word {
      case .text(let range): words.append(String(decoding: text[range], as: UTF8.self))
      case .start: words.append(String(decoding: WordScanner.startText, as: UTF8.self))
      case .end: words.append(String(decoding: WordScanner.endText, as: UTF8.self))
      }
    }
    return words
  }
}
