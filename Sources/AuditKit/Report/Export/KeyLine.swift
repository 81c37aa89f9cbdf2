/// A key as one line of a list of keys.
///
/// A backslash, and a line end inside a key, are written as `\\`, `\n` and `\r`, so that a line is a key.
package enum KeyLine {
  /// The key of a line without its end.
  package static func key(of line: String) -> String {
    guard line.contains("\\") else { return line }
    var key = ""
    var isEscaped = false
    for scalar in line.unicodeScalars {
      switch (isEscaped, scalar) {
      case (false, "\\"):
        isEscaped = true
        continue
      case (true, "n"): key += "\n"
      case (true, "r"): key += "\r"
      default: key.unicodeScalars.append(scalar)
      }
      isEscaped = false
    }
    return key
  }

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
