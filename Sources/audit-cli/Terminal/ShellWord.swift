import AuditFiles

/// Words of a command line that can be shown in a terminal and pasted into bash.
package enum ShellWord {
  /// `word` as it is where that is safe, in single quotes otherwise, and in bash's `$'...'` where it
  /// holds what a terminal must not get.
  package static func quoted(_ word: String) -> String {
    if !word.isEmpty, word.unicodeScalars.allSatisfy(isPlain) { return word }
    guard TerminalText.escaped(word) == word else {
      return "$'" + word.unicodeScalars.map(escaped).joined() + "'"
    }
    return "'" + word.replacing("'", with: "'\\''") + "'"
  }

  private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
    let isLetterOrDigit = scalar.properties.isAlphabetic || (0x30...0x39).contains(scalar.value)
    return isLetterOrDigit || "-_./=:,+@%".unicodeScalars.contains(scalar)
  }

  private static func escaped(_ scalar: Unicode.Scalar) -> String {
    let text = String(scalar)
    if scalar == "'" || scalar == "\\" { return "\\" + text }
    guard TerminalText.escaped(text) != text else { return text }
    return "\\U" + String(scalar.value, radix: 16, uppercase: true).zeroPadded(to: 8)
  }
}
