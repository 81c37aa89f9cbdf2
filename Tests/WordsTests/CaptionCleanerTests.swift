import AuditWords
import NeuralKit
import Testing

/// Expected texts are those of ftfy 6.3 without its guess at wrong encodings, and Python's `html`.
struct CaptionCleanerTests {
  @Test(arguments: [
    ("  lots   of\twhite\n space  ", "lots of white space"),
    ("a\u{B}b\u{1C}c\u{A0}d\u{2003}e\u{3000}f", "abc d e f"),
    ("one\r\ntwo\rthree\u{2028}four", "one two three four"),
    ("UPPER ÀÉ ЖУК", "upper àé жук"),
    ("İ ẞ", "i\u{307} ß"),
  ])
  func collapsesWhiteSpaceAndLowersCase(caption: String, cleaned: String) {
    #expect(scalars(CaptionCleaner.clean(caption)) == scalars(cleaned))
  }

  // Apostrophes, full stops and marks are ignored in Unicode's rule: what counts is the letter behind.
  @Test(arguments: [
    ("ΣΑΣ", "σας"), ("Σ", "σ"), ("ΑΣ.", "ας."), ("Α.Σ", "α.ς"), ("ΑΣ'Α", "ασ'α"),
    ("ΑΣ\u{301}Α", "ασ\u{301}α"), ("1Σ", "1σ"),
  ])
  func endsGreekWordsWithAFinalSigma(caption: String, cleaned: String) {
    #expect(CaptionCleaner.clean(caption) == cleaned)
  }

  @Test(arguments: [
    ("&lt;b&gt;SALE&lt;/b&gt; &amp; more", "<b>sale</b> & more"),
    ("&amp;amp;amp;amp;amp;amp; many", "& many"),
    // With "<" in the line, ftfy leaves references to the two later passes.
    ("< &amp;amp;amp;amp;", "< &amp;amp;"),
    ("<\n&amp;amp;amp;", "< &amp;"),
    ("&copy 2020 &copycat &notit; &bogus; &;", "© 2020 ©cat ¬it; &bogus; &;"),
    ("P&EACUTE;REZ BUNDESSTRA&SZLIG;E &nTILDE;", "pérez bundesstrasse &ntilde;"),
    ("&#65;&#x42;&#X43;&#68", "abcd"),
    ("x&#0;x&#128;x&#xD800;x&#x110000;x&#99999999999999999999;x&#11;x&#xFFFE;x", "x�x€x�x�x�xxx"),
    ("&NotEqualTilde;&fjlig;", "≂\u{338}fj"),
  ])
  func resolvesCharacterReferences(caption: String, cleaned: String) {
    #expect(scalars(CaptionCleaner.clean(caption)) == scalars(cleaned))
  }

  @Test(arguments: [
    ("“a” ‘b’ ʼc", "\"a\" 'b' 'c"),
    ("ﬁﬂﬃ ĳ ǆ ŉ ﬅ", "fiflffi ij dž 'n ſt"),
    ("ｶﾞ ＡＢＣ１２３！ ￦", "ガ abc123! ₩"),
    ("caf\u{65}\u{301} a\u{328}\u{301} a\u{301}\u{328}", "caf\u{E9} \u{105}\u{301} \u{105}\u{301}"),
    ("\u{1100}\u{1161}\u{11A8} \u{212B}", "\u{AC01} \u{E5}"),
    ("\u{80}\u{85}\u{93}x\u{94}", "€…\"x\""),
    ("\u{7}bell \u{1B}[31;1mred\u{1B}[0m \u{1B}[x\u{FEFF}\u{FFFC}", "bell red"),
    ("½ ² µ", "½ ² µ"),
  ])
  func repairsWhatCarelessSoftwareLeft(caption: String, cleaned: String) {
    #expect(scalars(CaptionCleaner.clean(caption)) == scalars(cleaned))
  }

  @Test func resolvesReferencesNestedAHundredTimes() {
    #expect(CaptionCleaner.clean("&" + String(repeating: "amp;", count: 100) + "x") == "&x")
  }

  @Test func guessesAtNoEncoding() {
    #expect(CaptionCleaner.clean("cafÃ©") == "cafã©")
  }

  @Test func cleanedTextHasSingleSpacesInsideAndNoneAtTheEnds() {
    var generator = SeededGenerator(seed: 41)
    for round in 0..<400 {
      let caption = OddCaptions.random(&generator, scalars: 1 + round % 40)
      let cleaned = CaptionCleaner.clean(caption)
      #expect(
        cleaned.unicodeScalars.split(whereSeparator: { $0.properties.isWhitespace })
          .map { String($0) }.joined(separator: " ") == cleaned,
        "seed 41, round \(round): \(caption.debugDescription)")
    }
  }

  @Test(
    .timeLimit(.minutes(20)),
    arguments: ["é̈ “x” ", "&", "<\u{1B}[1;\n", "amp;"])
  func tenMegabytesAreCleaned(piece: String) {
    // The ampersand in front makes the last of them one reference inside the other.
    let caption = "&" + String(repeating: piece, count: 10_000_000 / piece.utf8.count)
    #expect(CaptionCleaner.clean(caption).utf8.count > 1_000_000)
  }

  /// Compares scalars: strings with other scalars may be equal.
  private func scalars(_ text: String) -> [Unicode.Scalar] { Array(text.unicodeScalars) }
}
