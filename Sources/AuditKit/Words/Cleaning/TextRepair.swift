import Foundation

/// The repairs that ftfy 6 (`ftfy.fix_text`, https://ftfy.readthedocs.io) makes to text that passed
/// through careless software: character references, C1 controls, ligatures, full and half widths,
/// curly quotes, line breaks, terminal escapes, control characters, canonical composition.
///
/// Left out is its guess at text decoded with the wrong encoding ("mojibake").
enum TextRepair {
  /// ftfy looks at text in lines, and cuts lines of more scalars than this.
  private static let longestSegment = 1_000_000

  /// False if neither a repair nor a character reference can change the text.
  static func mayChange(_ scalars: [Unicode.Scalar]) -> Bool {
    scalars.contains { $0 == "&" || isSuspect($0) }
  }

  /// The repaired text.
  static func repaired(_ scalars: [Unicode.Scalar]) -> [Unicode.Scalar] {
    var output: [Unicode.Scalar] = []
    output.reserveCapacity(scalars.count)
    // A "<" says that this is HTML, in which references are meant to stay, to the end of the text.
    var unescapes = true
    var start = 0
    while start < scalars.count {
      let limit = min(start + longestSegment, scalars.count)
      let lineBreak = scalars[start..<limit].firstIndex(of: "\n")
      let end = lineBreak.map { $0 + 1 } ?? limit
      let segment = scalars[start..<end]
      if segment.contains("<") { unescapes = false }
      output += repaired(segment: Array(segment), unescapes: unescapes)
      start = end
    }
    return output
  }

  /// Repairs until nothing changes, since a repair can bring up work for another.
  private static func repaired(segment: [Unicode.Scalar], unescapes: Bool) -> [Unicode.Scalar] {
    var text = segment
    while true {
      var next = unescapes ? HTMLReferences.strictlyUnescaped(text) : text
      next = mapped(next)
      next = withoutTerminalEscapes(next)
      next.removeAll(where: isRemovedControl)
      next = composed(next)
      if next == text { return text }
      text = next
    }
  }

  /// Whether a repair may touch the scalar, or the scalar may not be in composed form.
  private static func isSuspect(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x20..<0x7F, 0x09, 0x0A, 0x0C: false
    case 0..<0xA0: true
    case ..<0x132: false
    default:
      ScalarRepairs.replacement(scalar) != nil || isRemovedControl(scalar) || mayCompose(scalar)
    }
  }

  /// Per-scalar repairs and line breaks; CR LF is one break.
  private static func mapped(_ scalars: [Unicode.Scalar]) -> [Unicode.Scalar] {
    var output: [Unicode.Scalar] = []
    output.reserveCapacity(scalars.count)
    for (position, scalar) in scalars.enumerated() {
      if scalar == "\r" {
        let isPair = position + 1 < scalars.count && scalars[position + 1] == "\n"
        if !isPair { output.append("\n") }
      } else if let replacement = ScalarRepairs.replacement(scalar) {
        output += replacement
      } else {
        output.append(scalar)
      }
    }
    return output
  }

  /// Removes `ESC [ digits and semicolons, letter`.
  private static func withoutTerminalEscapes(_ scalars: [Unicode.Scalar]) -> [Unicode.Scalar] {
    guard scalars.contains("\u{1B}") else { return scalars }
    var output: [Unicode.Scalar] = []
    var position = 0
    while position < scalars.count {
      if let end = endOfTerminalEscape(at: position, in: scalars) {
        position = end
      } else {
        output.append(scalars[position])
        position += 1
      }
    }
    return output
  }

  private static func endOfTerminalEscape(
    at start: Int, in scalars: [Unicode.Scalar]
  ) -> Int? {
    guard scalars[start] == "\u{1B}", start + 2 < scalars.count, scalars[start + 1] == "[" else {
      return nil
    }
    var end = start + 2
    while end < scalars.count,
      scalars[end] == ";" || scalars[end].properties.generalCategory == .decimalNumber
    {
      end += 1
    }
    guard end < scalars.count else { return nil }
    switch scalars[end] {
    case "a"..."z", "A"..."Z": return end + 1
    default: return nil
    }
  }

  /// Controls that show nothing: all but tab, line feed and form feed, old Arabic shaping controls,
  /// the byte order mark, interlinear annotation, the object replacement character.
  private static func isRemovedControl(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0...0x08, 0x0B, 0x0E...0x1F, 0x7F, 0x206A...0x206F, 0xFEFF, 0xFFF9...0xFFFC: true
    default: false
    }
  }

  /// Canonical composition (NFC), asked for only where something may compose.
  private static func composed(_ scalars: [Unicode.Scalar]) -> [Unicode.Scalar] {
    guard scalars.contains(where: mayCompose) else { return scalars }
    var text = String.UnicodeScalarView()
    text.append(contentsOf: scalars)
    return Array(String(text).precomposedStringWithCanonicalMapping.unicodeScalars)
  }

  /// At least the scalars for which Unicode's NFC_Quick_Check is not "yes".
  private static func mayCompose(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case ..<0x300: false
    // Hangul vowels and final consonants, and Kirat Rai vowels, compose but are letters.
    case 0x1161...0x1175, 0x11A8...0x11C2, 0x16D63...0x16D6A: true
    default: scalar.isMark || scalar.properties.isFullCompositionExclusion
    }
  }
}
