/// A key as one line of a list of keys.
///
/// A backslash, and a line end inside a key, are written as `\\`, `\n` and `\r`, so that a line is a key.
package enum KeyLine {
  /// The keys of a list, as `text` writes them one after the other.
  ///
  /// Lines end with LF or CRLF and nowhere else: other line ends of Unicode are letters of a key. A byte order mark at the
  /// start, which editors leave, and empty lines are passed over.
  package static func keys(in list: String) -> [String] {
    let scalars = list.unicodeScalars
    let lines = scalars.first == "\u{FEFF}" ? scalars.dropFirst() : scalars[...]
    return lines.split { $0 == "\n" || $0 == "\r" }.map { key(of: String($0)) }
  }

  /// The key of a line without its end.
  package static func key(of line: String) -> String {
    // By bytes, as in `text`: a backslash can be one letter with what stands around it.
    guard line.utf8.contains(0x5C) else { return line }
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
