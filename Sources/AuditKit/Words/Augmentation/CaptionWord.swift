/// A word of a caption as it stands there: "dog," is the word "dog" with a comma behind it.
struct CaptionWord {
  private let text: Substring
  private let core: Range<Substring.Index>

  /// `text` is a piece of the caption between white space.
  init(_ text: Substring) {
    self.text = text
    let bytes = text.utf8
    let start = bytes.firstIndex(where: Self.isWordByte) ?? bytes.endIndex
    let last = bytes.lastIndex(where: Self.isWordByte)
    core = start..<(last.map { bytes.index(after: $0) } ?? start)
  }

  /// The word without what surrounds it, in lower case; nil if it cannot be English.
  var english: String? {
    guard !core.isEmpty, text[core].utf8.allSatisfy({ $0 < 0x80 }) else { return nil }
    return text[core].lowercased()
  }

  /// The text with another word in the place of this one, the surroundings kept.
  func replaced(by word: String) -> Substring {
    text[..<core.lowerBound] + word + text[core.upperBound...]
  }

  /// ASCII letters and digits, and every byte of other characters.
  private static func isWordByte(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x80...: true
    default: false
    }
  }
}
