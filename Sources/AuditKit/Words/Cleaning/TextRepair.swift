import Foundation

/// The repairs that ftfy 6 (`ftfy.fix_text`, https://ftfy.readthedocs.io) makes to text that passed
/// through careless software: character references, C1 controls, ligatures, full and half widths,
/// curly quotes, line breaks, terminal escapes, control characters, canonical composition.
///
/// Left out is its guess at text decoded with the wrong encoding ("mojibake").
enum TextRepair {
  /// ftfy looks at text in lines, and cuts lines of more scalars than this.
  private static let longestSegment = 1_000_000

  /// How many scalars of a segment are looked at, in all passes together.
  private static let scalarsLookedAt = 1 << 16

  /// Whether a repair replaces or removes the scalar wherever it stands.
  static func changes(_ scalar: Unicode.Scalar) -> Bool {
    isRemovedControl(scalar) || ScalarRepairs.replacement(scalar) != nil
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
  ///
  /// Each "amp;" of "&amp;amp;amp;..." takes a pass. ftfy makes them all, in quadratic time; here a
  /// caption of up to 512 scalars gets as many as it can need, and a longer one fewer.
  private static func repaired(segment: [Unicode.Scalar], unescapes: Bool) -> [Unicode.Scalar] {
    var text = segment
    for _ in 0..<max(4, scalarsLookedAt / max(segment.count, 1)) {
      var next = unescapes ? HTMLReferences.strictlyUnescaped(text) : text
      next = mapped(next)
      next = withoutTerminalEscapes(next)
      next.removeAll(where: isRemovedControl)
      next = composed(next)
      if next == text { break }
      text = next
    }
    return text
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

  /// Canonical composition (NFC), asked for only where something may compose or be reordered.
  private static func composed(_ scalars: [Unicode.Scalar]) -> [Unicode.Scalar] {
    let mayChange = scalars.contains { scalar in
      let traits = ScalarTraits.of(scalar)
      return scalar.value >= 0x300 && (traits.isSuspect || traits.hasCombiningClass)
    }
    guard mayChange else { return scalars }
    var text = String.UnicodeScalarView()
    text.append(contentsOf: scalars)
    return Array(String(text).precomposedStringWithCanonicalMapping.unicodeScalars)
  }
}
