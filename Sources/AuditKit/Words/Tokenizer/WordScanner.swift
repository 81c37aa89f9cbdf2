/// How a cleaned caption is cut into words before byte pairs are merged.
public enum WordSplitting: String, Codable, Sendable {
  /// CLIP's rule: runs of letters (`\p{L}+`), single numbers (`\p{N}`), English contractions (`'s`,
  /// `'ll`, ...), runs of anything else but white space.
  case clip
  /// CLIP's rule, but a combining mark (`\p{M}`) after a letter belongs to its word.
  ///
  /// Under CLIP's rule every vowel sign of Devanagari, Thai, Arabic ... cuts the word, so that no
  /// token is longer than a syllable. Text without such marks is cut as by `clip`.
  case marksInWords
}

/// Cuts cleaned UTF-8 text into words: CLIP's regular expression, written by hand.
struct WordScanner {
  /// A word: its bytes, and whether it is CLIP's start or end token written out.
  enum Word: Equatable {
    case text(Range<Int>)
    case start
    case end
  }

  private typealias Kind = ScalarTraits.Kind

  let splitting: WordSplitting
  /// Whether a written-out `<start_of_text>` or `<end_of_text>` is that token, as in open_clip.
  let readsSpecialTokens: Bool

  static let startText = Array("<start_of_text>".utf8)
  static let endText = Array("<end_of_text>".utf8)

  /// The next word at or after `position`, which moves behind it; nil at the end.
  @inline(__always)
  func nextWord(in text: Span<UInt8>, from position: inout Int) -> Word? {
    while position < text.count {
      let start = position
      let (kind, length) = kind(at: position, in: text)
      position += length
      switch kind {
      case .space:
        continue
      case .number:
        return .text(start..<position)
      case .letter:
        skip(in: text, from: &position) { $0 == .letter || $0 == .mark && marksJoin }
        return .text(start..<position)
      case .other, .mark:
        if text[start] == apostrophe, let end = endOfContraction(at: start, in: text) {
          position = end
          return .text(start..<end)
        }
        if readsSpecialTokens, text[start] == UInt8(ascii: "<"),
          let (word, end) = specialToken(at: start, in: text)
        {
          position = end
          return word
        }
        skip(in: text, from: &position) { $0 == .other || $0 == .mark }
        return .text(start..<position)
      }
    }
    return nil
  }

  private var marksJoin: Bool { splitting == .marksInWords }
  private var apostrophe: UInt8 { UInt8(ascii: "'") }

  @inline(__always)
  private func skip(in text: Span<UInt8>, from position: inout Int, while belongs: (Kind) -> Bool) {
    while position < text.count {
      let (kind, length) = kind(at: position, in: text)
      guard belongs(kind) else { return }
      position += length
    }
  }

  @inline(__always)
  private func kind(at position: Int, in text: Span<UInt8>) -> (Kind, length: Int) {
    let byte = text[position]
    if byte < 0x80 {
      switch byte {
      case 0x61...0x7A, 0x41...0x5A: return (.letter, 1)
      case 0x30...0x39: return (.number, 1)
      case 0x20, 0x09...0x0D: return (.space, 1)
      default: return (.other, 1)
      }
    }
    let (scalar, length) = text.scalar(at: position)
    // The Greek iota subscript is no letter, but equals one where case is ignored, so that no part of
    // CLIP's expression matches it.
    if scalar == "\u{345}", splitting == .clip { return (.space, length) }
    return (ScalarTraits.of(scalar).kind, length)
  }

  /// The end of `'s`, `'t`, `'re`, `'ve`, `'m`, `'ll`, `'d`, whatever follows it.
  private func endOfContraction(at start: Int, in text: Span<UInt8>) -> Int? {
    guard start + 1 < text.count else { return nil }
    let second = start + 2 < text.count ? lower(text[start + 2]) : 0
    switch (lower(text[start + 1]), second) {
    case (UInt8(ascii: "s"), _), (UInt8(ascii: "t"), _), (UInt8(ascii: "m"), _),
      (UInt8(ascii: "d"), _):
      return start + 2
    case (UInt8(ascii: "r"), UInt8(ascii: "e")), (UInt8(ascii: "v"), UInt8(ascii: "e")),
      (UInt8(ascii: "l"), UInt8(ascii: "l")), (0xC5, 0xBF):
      // C5 BF is the long s, which equals s where case is ignored.
      return start + 3
    default:
      return nil
    }
  }

  private func lower(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte + 32 : byte }

  private func specialToken(at start: Int, in text: Span<UInt8>) -> (Word, end: Int)? {
    for (word, spelling) in [(Word.start, Self.startText), (Word.end, Self.endText)] {
      let end = start + spelling.count
      guard end <= text.count else { continue }
      if spelling.indices.allSatisfy({ lower(text[start + $0]) == spelling[$0] }) {
        return (word, end)
      }
    }
    return nil
  }
}
