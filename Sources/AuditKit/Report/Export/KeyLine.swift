/// A key as one line of a list of keys.
///
/// A backslash, and a line end inside a key, are written as `\\`, `\n` and `\r`, so that a line is a key.
package enum KeyLine {
  /// The line with its end.
  package static func text(_ key: String) -> String {
    guard key.utf8.contains(where: { $0 == 0x0A || $0 == 0x0D || $0 == 0x5C }) else {
      return key + "\n"
    }
    var line = ""
    for scalar in key.unicodeScalars {
      switch scalar {
      case "\\": line += "\\\\"
      case "\n": line += "\\n"
      case "\r": line += "\\r"
      default: line.unicodeScalars.append(scalar)
      }
    }
    return line + "\n"
  }
}
