import Subprocess
import Testing
import audit_cli

@Suite struct ShellWordTests {
  @Test(
    "a quoted word is the same word to a shell",
    arguments: [
      "plain", "two words", "it's", "", "$HOME", "a\\b", "*", "日本 語", "--set=a=b", "\"",
      "tab\there",
      "line\nend", "\u{1B}[2J", "a\u{202E}b'\\c\u{7}", "é", "~", "a;b", "#",
    ])
  func roundTrip(word: String) async throws {
    let quoted = ShellWord.quoted(word)
    #expect(TerminalText.escaped(quoted) == quoted, "\(quoted)")
    let result = try await run(
      .name("bash"), arguments: ["-c", "printf %s \(quoted)"], output: .string(limit: 1000),
      error: .discarded)
    #expect(result.standardOutput == word)
  }

  @Test("words that need no quotes have none", arguments: ["scan", "a/b-c.d", "training.epochs=3"])
  func plain(word: String) { #expect(ShellWord.quoted(word) == word) }
}
