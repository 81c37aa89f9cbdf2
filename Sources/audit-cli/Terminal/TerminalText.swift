/// Text from outside, captions and names of files above all, made fit for a terminal.
package enum TerminalText {
  /// `text` with all that could steer a terminal or reorder a line written out: control characters
  /// as `\n`, `\t`, `\e` or `\u{...}`, line separators and invisible format characters
  /// (bidirectional overrides among them) as `\u{...}`.
  ///
  /// The joiners that scripts and emoji need stay.
  package static func escaped(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: mustEscape) else { return text }
    var result = ""
    for scalar in text.unicodeScalars {
      if mustEscape(scalar) {
        result += escape(scalar)
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// `text` cut to `width` columns, ending in `…` where something is left out.
  package static func cut(_ text: String, to width: Int) -> String {
    guard width > 0 else { return "" }
    var result = ""
    var used = 0
    var fits = ""  // what stays if an ellipsis must follow
    for character in text {
      let columns = DisplayWidth.of(character)
      if used + columns > width { return fits + "…" }
      if used <= width - 1 { fits = result }
      result.append(character)
      used += columns
      if used <= width - 1 { fits = result }
    }
    return result
  }

  /// The last `width` columns of `text`, starting with `…` where something is left out.
  package static func ending(of text: String, to width: Int) -> String {
    String(cut(String(text.reversed()), to: width).reversed())
  }

  /// `text` filled with spaces to `width` columns, at the end or, for numbers, at the start.
  package static func padded(_ text: String, to width: Int, alignedRight: Bool = false) -> String {
    let missing = width - DisplayWidth.of(text)
    guard missing > 0 else { return text }
    let fill = String(repeating: " ", count: missing)
    return alignedRight ? fill + text : text + fill
  }

  /// Words of `text` in lines of at most `width` columns.
  package static func wrapped(_ text: String, width: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ") {
      if !line.isEmpty, DisplayWidth.of(line) + 1 + DisplayWidth.of(String(word)) > width {
        lines.append(line)
        line = ""
      }
      line += (line.isEmpty ? "" : " ") + word
    }
    return line.isEmpty ? lines : lines + [line]
  }

  private static func mustEscape(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.value < 0x80 { return scalar.value < 0x20 || scalar.value == 0x7F }
    switch scalar.properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator: return true
    case .format: return scalar.value != 0x200D && scalar.value != 0x200C
    default: return false
    }
  }

  private static func escape(_ scalar: Unicode.Scalar) -> String {
    switch scalar.value {
    case 0x09: "\\t"
    case 0x0A: "\\n"
    case 0x0D: "\\r"
    case 0x1B: "\\e"
    default: "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
    }
  }
}
