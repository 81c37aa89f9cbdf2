import Testing
import audit_cli

@Suite struct TerminalTextTests {
  @Test(
    "what could steer a terminal is written out",
    arguments: [
      ("a\nb\tc\r", "a\\nb\\tc\\r"),
      ("\u{1B}[31mred\u{1B}[0m", "\\e[31mred\\e[0m"),
      ("\u{1B}]0;title\u{7}", "\\e]0;title\\u{7}"),
      ("\u{9B}2J", "\\u{9B}2J"),
      ("\u{7F}\u{0}", "\\u{7F}\\u{0}"),
      ("\u{202E}evil\u{2066}", "\\u{202E}evil\\u{2066}"),
      ("line\u{2028}end\u{85}", "line\\u{2028}end\\u{85}"),
      ("tag\u{E0041}", "tag\\u{E0041}"),
      ("plain – ünïcode 日本 👩‍👩‍👧", "plain – ünïcode 日本 👩‍👩‍👧"),
    ])
  func escapes(text: String, expected: String) {
    #expect(TerminalText.escaped(text) == expected)
  }

  @Test("no control character of either set survives")
  func allControls() {
    for value in Array(UInt32(0)..<32) + Array(UInt32(0x7F)...0x9F) {
      guard let scalar = Unicode.Scalar(value) else { continue }
      let escaped = TerminalText.escaped("x\(scalar)y")
      #expect(
        escaped.unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) })
      #expect(escaped.hasPrefix("x\\") && escaped.hasSuffix("y"))
    }
  }
}
