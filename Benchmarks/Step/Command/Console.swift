import Foundation

/// Where results and warnings go.
enum Console {
  /// Prints results at once, in order with what other processes print.
  static func say(_ lines: [String]) {
    FileHandle.standardOutput.write(Data((lines.joined(separator: "\n") + "\n").utf8))
  }

  /// Prints a line that is no result.
  static func warn(_ message: String) {
    FileHandle.standardError.write(Data((message + "\n").utf8))
  }
}
