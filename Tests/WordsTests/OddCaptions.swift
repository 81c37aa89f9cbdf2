import NeuralKit

/// Captions as strangers write them: every script, and what is no script at all.
enum OddCaptions {
  static let all: [String] = [
    "", " ", "\n\t \r\n", "a", "A photo of a cat.", "кошка на траве", "日本語のキャプション 写真", "한국어 캡션",
    "قطة على العشب", "مُحَمَّد", "הַחתול", "नमस्ते दुनिया", "สวัสดีชาวโลก", "ΟΔΥΣΣΕΎΣ ΑΣ", "İstanbul'da kış",
    "straße STRASSE ẞ", "emoji 😀👍🏽👩‍👩‍👧‍👦🇩🇪❤️ test", "1️⃣ ½ ² Ⅻ ٣", "don't they're we've I'd 'tis rock'n'roll",
    "\u{7}bell\u{0}null\u{1B}[31mred\u{1B}[0m", "zero\u{200B}width\u{200D}joiner\u{FEFF}",
    "a\u{301} e\u{323}\u{301} e\u{301}\u{323}", "\u{1100}\u{1161}\u{11A8}", "ｶﾞ ＡＢＣ　１２３", "ﬁﬂﬃ ĳ ŉ",
    "“curly” ‘quotes’ … –—", "&lt;b&gt; &amp;amp; &#x41; &copy &notit; &EACUTE; &bogus;",
    "</w> <w>",
    "<start_of_text> <end_of_text>",
    String(decoding: [0x61, 0xFF, 0xC3, 0x28, 0xE2, 0x82], as: UTF8.self),
    String(repeating: "a", count: 300), String(repeating: "ab", count: 200),
    String(repeating: "word ", count: 120), String(repeating: "!?", count: 90),
    "\u{10FFFF}\u{E000}\u{FFFD}",
    "𝔘𝔫𝔦𝔠𝔬𝔡𝔢 𐍈 𠮷", "http://example.com/a?b=c#d 3.14 $5,000 100%",
  ]

  /// The scalars that are no spaces; as characters, a space may hide in one with the mark behind it.
  static func withoutSpaces(_ text: String) -> [Unicode.Scalar] {
    text.unicodeScalars.filter { $0 != " " }
  }

  /// Random text from all of Unicode's planes that hold characters, ASCII as often as the rest.
  static func random(_ generator: inout SeededGenerator, scalars: Int) -> String {
    var text = String.UnicodeScalarView()
    while text.count < scalars {
      let limit: Int =
        switch generator.index(below: 4) {
        case 0, 1: 0x80
        case 2: 0x3000
        default: 0x2_0000
        }
      guard let scalar = Unicode.Scalar(UInt32(generator.index(below: limit))) else { continue }
      text.append(scalar)
    }
    return String(text)
  }
}
