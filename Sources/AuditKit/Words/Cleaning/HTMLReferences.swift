/// Character references of HTML 5: `&amp;`, `&#38;`, `&#x26;`.
enum HTMLReferences {
  /// Resolves references as browsers do, and as Python's `html.unescape` does: numbers with or
  /// without semicolon, names as far as they are known, old names without semicolon.
  static func unescaped(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
    replacingReferences(in: text) { start in
      guard let end = endOfReference(at: start, in: text) else { return nil }
      let body = text[start + 1..<end]
      return (body.first == "#" ? character(numbered: body) : expansion(body), end)
    }
  }

  /// Resolves only what ends in a semicolon, as ftfy does: exact names, names written in capitals,
  /// and numbers.
  static func strictlyUnescaped(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
    replacingReferences(in: text) { start in
      var end = start + 1
      let isNumber = end < text.count && text[end] == "#"
      if isNumber { end += 1 }
      let nameStart = end
      while end < text.count, isASCIILetterOrDigit(text[end]), end - nameStart <= 24 { end += 1 }
      guard (1...24).contains(end - nameStart), end < text.count, text[end] == ";" else {
        return nil
      }
      let name = text[nameStart..<end]
      let value =
        isNumber ? strictCharacter(numbered: text[start..<end + 1]) : strictCharacters(named: name)
      return value.map { ($0, end + 1) }
    }
  }

  /// Replaces what `resolve` returns for a position of an ampersand: text, and where it ends.
  private static func replacingReferences(
    in text: [Unicode.Scalar], resolve: (Int) -> ([Unicode.Scalar], end: Int)?
  ) -> [Unicode.Scalar] {
    guard var ampersand = text.firstIndex(of: "&") else { return text }
    var output: [Unicode.Scalar] = []
    output.reserveCapacity(text.count)
    var position = 0
    while true {
      output += text[position..<ampersand]
      position = ampersand
      if let (replacement, end) = resolve(ampersand) {
        output += replacement
        position = end
      } else {
        output.append("&")
        position += 1
      }
      guard let next = text[position...].firstIndex(of: "&") else { break }
      ampersand = next
    }
    return output + text[position...]
  }

  /// The end of `#` digits, `#x` hexadecimal digits, or up to 32 characters of a name, each with its
  /// semicolon.
  private static func endOfReference(at start: Int, in text: [Unicode.Scalar]) -> Int? {
    var end = start + 1
    func take(atMost limit: Int = .max, while belongs: (Unicode.Scalar) -> Bool) -> Bool {
      let first = end
      while end < text.count, end - first < limit, belongs(text[end]) { end += 1 }
      let found = end > first
      if found, end < text.count, text[end] == ";" { end += 1 }
      return found
    }
    guard end < text.count else { return nil }
    if text[end] != "#" {
      return take(atMost: 32) { !["\t", "\n", "\u{C}", " ", "<", "&", "#", ";"].contains($0) }
        ? end : nil
    }
    end += 1
    if end < text.count, text[end] == "x" || text[end] == "X" {
      end += 1
      return take { $0.isASCII && $0.properties.isASCIIHexDigit } ? end : nil
    }
    return take { ("0"..."9").contains($0) } ? end : nil
  }

  /// The value of a name, or of its longest known beginning with the rest behind it.
  private static func expansion(_ name: ArraySlice<Unicode.Scalar>) -> [Unicode.Scalar] {
    var known = name
    while known.count > 1 {
      if let value = HTMLEntities.value(of: known) { return value + name[known.endIndex...] }
      known = known.dropLast()
    }
    return ["&"] + name
  }

  /// The character of `#38;` or `#x26;`, with HTML's exceptions.
  private static func character(numbered body: ArraySlice<Unicode.Scalar>) -> [Unicode.Scalar] {
    var digits = body.dropFirst()
    let isHexadecimal = digits.first == "x" || digits.first == "X"
    if isHexadecimal { digits = digits.dropFirst() }
    var number: UInt32 = 0
    for digit in digits where digit != ";" {
      let value = UInt32(Character(digit).hexDigitValue ?? 0)
      number = min(number * (isHexadecimal ? 16 : 10) + value, 0x11_0000)
    }
    switch number {
    case 0, 0x11_0000...: return ["\u{FFFD}"]
    case 0x0D: return ["\r"]
    case 0x80...0x9F: return [ScalarRepairs.windows1252[Int(number - 0x80)]]
    case 1...8, 0x0B, 0x0E...0x1F, 0x7F, 0xFDD0...0xFDEF: return []
    default:
      if number & 0xFFFE == 0xFFFE { return [] }
      return [Unicode.Scalar(number) ?? "\u{FFFD}"]
    }
  }

  private static func strictCharacter(
    numbered reference: ArraySlice<Unicode.Scalar>
  ) -> [Unicode.Scalar]? {
    let value = unescaped(Array(reference))
    return value.contains(";") ? nil : value
  }

  private static func strictCharacters(
    named name: ArraySlice<Unicode.Scalar>
  ) -> [Unicode.Scalar]? {
    if let value = HTMLEntities.value(of: name + [";"]) { return value }
    // "&EACUTE;" for "&eacute;", unless the capitals mean something by themselves.
    let text = String(String.UnicodeScalarView(name))
    let lower = text.lowercased()
    guard lower.uppercased() == text else { return nil }
    let reference: [Unicode.Scalar] = ["&"] + name + [";"]
    guard unescaped(reference) == reference,
      let value = HTMLEntities.value(of: ArraySlice(lower.unicodeScalars) + [";"])
    else { return nil }
    return Array(String(String.UnicodeScalarView(value)).uppercased().unicodeScalars)
  }

  private static func isASCIILetterOrDigit(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "a"..."z", "A"..."Z", "0"..."9": true
    default: false
    }
  }
}
