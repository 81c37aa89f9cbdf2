import AuditReport
import Testing

@Suite struct KeyLineTests {
  @Test("a list of keys reads back as the keys that it was made of, whatever they hold")
  func inverse() {
    let keys = [
      "plain", " spaces ", "a\\b", "\\n", "\\", "two\nlines", "carriage\rreturn", "both\r\n",
      // Line ends to Unicode, letters of a key to us.
      "next\u{85}line", "vertical\u{B}tab\u{C}", "\u{2028}separated\u{2029}",
      // One letter with what comes before or after.
      "\u{600}\\", "\u{600}\n", "\\\u{301}", "e\u{301}",
    ]
    let list = keys.map { KeyLine.text($0) }.joined()
    #expect(KeyLine.keys(in: list).map { Array($0.utf8) } == keys.map { Array($0.utf8) })
  }

  @Test(
    "lists as editors leave them: with a byte order mark, CRLF, empty lines and no last line end")
  func edited() {
    #expect(
      KeyLine.keys(in: "\u{FEFF}one\r\n\r\ntwo\n\nthree\\\\four") == ["one", "two", "three\\four"])
    #expect(KeyLine.keys(in: "\u{FEFF}").isEmpty)
    #expect(KeyLine.keys(in: "").isEmpty)
  }
}
