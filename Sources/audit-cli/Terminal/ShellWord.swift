/// Words of a command line that can be pasted into a shell.
package enum ShellWord {
  /// `word` as it is where that is safe, in single quotes otherwise.
  package static func quoted(_ word: String) -> String {
    let isPlain =
      !word.isEmpty
      && word.unicodeScalars.allSatisfy { scalar in
        scalar.properties.isAlphabetic || (0x30...0x39).contains(scalar.value)
          || "-_./=:,+@%".unicodeScalars.contains(scalar)
      }
    if isPlain { return word }
    // What is no text cannot be pasted from a terminal in quotes.
    if TerminalText.escaped(word) != word {
      return "$'" + TerminalText.escaped(word.replacing("\\", with: "\\\\").replacing("'", with: "\\'"))
        + "'"
    }
    return "'" + word.replacing("'", with: "'\\''") + "'"
  }
}
