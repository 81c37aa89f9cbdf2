import Testing
import audit_cli

@Suite struct DisplayWidthTests {
  @Test(
    "columns are counted as terminals draw them",
    arguments: [
      ("", 0), ("abc", 3), ("über", 4), ("u\u{308}ber", 4), ("日本語", 6), ("ｶﾅ", 2),
      ("한국", 4), ("👍", 2), ("👩‍👩‍👧", 2), ("🇩🇪", 2), ("❤\u{FE0F}", 2), ("❤", 1), ("Привет", 6),
      ("a\u{200D}b", 2), ("％", 2), ("—", 1), ("𠮷", 2),
    ])
  func width(text: String, columns: Int) {
    #expect(DisplayWidth.of(text) == columns)
  }

  @Test("a cut text never exceeds the width, and is whole where it fits", arguments: 0...12)
  func cut(width: Int) {
    for text in ["abcdef", "日本語のテキスト", "a日b本c語", "👍👍👍", "", "e\u{301}e\u{301}e\u{301}"] {
      let cut = TerminalText.cut(text, to: width)
      #expect(DisplayWidth.of(cut) <= width, "\(text) at \(width): \(cut)")
      if DisplayWidth.of(text) <= width {
        #expect(cut == text)
      } else if width > 0 {
        #expect(cut.hasSuffix("…"))
      }
    }
  }

  @Test("a wide character is not split by a cut")
  func cutWide() {
    #expect(TerminalText.cut("日本語", to: 5) == "日本…")
    #expect(TerminalText.cut("日本語", to: 4) == "日…")
    #expect(TerminalText.cut("日本語", to: 1) == "…")
  }

  @Test("padding counts columns, not characters")
  func padding() {
    #expect(TerminalText.padded("日本", to: 6) == "日本  ")
    #expect(TerminalText.padded("7", to: 3, alignedRight: true) == "  7")
    #expect(TerminalText.padded("long", to: 2) == "long")
  }
}
