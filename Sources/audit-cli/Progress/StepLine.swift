import Foundation

/// One line on standard error that says what is being done, on terminals only.
struct StepLine: Sendable {
  private let style = TerminalStyle(descriptor: STDERR_FILENO)

  /// Replaces the line.
  func show(_ text: String) {
    guard style.isInteractive else { return }
    write("\r" + TerminalText.cut(text + " ...", to: style.width - 1) + "\u{1B}[K")
  }

  /// Clears the line.
  func finish() {
    if style.isInteractive { write("\r\u{1B}[K") }
  }

  private func write(_ text: String) {
    FileHandle.standardError.write(Data(text.utf8))
  }
}
