/// A search through keys and captions: all of its words must be there.
///
/// Words are compared without case and accents; the last one may be the beginning of a word, and
/// what stands in double quotes must appear in this order. A word of a script that has no spaces (Chinese,
/// Japanese, Thai and others) is looked for as it is, anywhere in the text.
public struct CaptionSearch: Sendable, Equatable {
  /// The query for SQLite's full-text index (FTS5); nil where no word can be looked up there.
  let match: String?
  /// Texts that must appear as they are.
  let literals: [String]

  /// Reads what a person typed; nil where it holds no word.
  public init?(_ text: String) {
    var match: [String] = []
    var literals: [String] = []
    for term in Self.terms(text) {
      if term.text.unicodeScalars.contains(where: Self.hasNoSpaces) {
        literals.append(term.text)
      } else if term.text.unicodeScalars.contains(where: Self.isToken) {
        let quoted = "\"" + term.text.replacing("\"", with: " ") + "\""
        match.append(quoted + (term.mayGoOn ? " *" : ""))
      }
    }
    guard !match.isEmpty || !literals.isEmpty else { return nil }
    self.match = match.isEmpty ? nil : match.joined(separator: " AND ")
    self.literals = literals
  }

  private struct Term {
    var text: String
    var mayGoOn = false
  }

  /// Phrases and words in their order.
  private static func terms(_ text: String) -> [Term] {
    var terms: [Term] = []
    let parts = text.split(separator: "\"", omittingEmptySubsequences: false)
    for (place, part) in parts.enumerated() {
      if place % 2 == 1 {
        if !part.isEmpty { terms.append(Term(text: String(part))) }
        continue
      }
      terms += part.split(whereSeparator: \.isWhitespace).map { Term(text: String($0)) }
      let isLast = place == parts.count - 1
      if isLast, let last = part.last, !last.isWhitespace {
        terms[terms.count - 1].mayGoOn = true
      }
    }
    return terms
  }

  private static func isToken(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isAlphabetic || scalar.properties.numericType != nil
  }

  /// Scripts whose words FTS5's tokenizer cannot tell apart.
  private static func hasNoSpaces(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x0E00...0x0EFF,  // Thai, Lao
      0x1000...0x109F, 0x1780...0x17FF,  // Burmese, Khmer
      0x3040...0x30FF, 0x3400...0x4DBF, 0x4E00...0x9FFF,  // Japanese, Chinese
      0xF900...0xFAFF, 0xFF66...0xFF9F, 0x20000...0x3FFFF:
      true
    default: false
    }
  }
}
