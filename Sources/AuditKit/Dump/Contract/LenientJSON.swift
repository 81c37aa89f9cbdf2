/// JSON as Python writes and reads it by default, made fit for parsers that hold to the standard.
///
/// `json.dumps` writes `NaN`, `Infinity` and `-Infinity`, and escapes halves of surrogate pairs (`\ud83d`) where a text was
/// cut in the middle of one. A parser for JSON5 would take the former, not the latter, and quotes, comments and keys
/// besides that nobody else takes.
enum LenientJSON {
  /// The same text with `null` for these numbers, and U+FFFD for these halves; nil where there are none.
  static func repaired(_ bytes: [UInt8]) -> [UInt8]? {
    var repaired: [UInt8] = []
    // Up to here, all is copied.
    var copied = 0
    func replace(_ range: Range<Int>, with text: StaticString) {
      repaired += bytes[copied..<range.lowerBound]
      text.withUTF8Buffer { repaired += $0 }
      copied = range.upperBound
    }
    var (position, isInText) = (0, false)
    while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: "\""): isInText.toggle()
      case UInt8(ascii: "\\") where isInText:
        switch escape(in: bytes, at: position) {
        case .half:
          replace(position..<position + 6, with: #"\ufffd"#)
          position += 5
        case .pair: position += 11
        case .other: position += 1
        }
      case UInt8(ascii: "N"), UInt8(ascii: "I"), UInt8(ascii: "-"):
        if !isInText, let number = number(in: bytes, at: position) {
          replace(position..<position + number, with: "null")
          position += number - 1
        }
      default: break
      }
      position += 1
    }
    return copied == 0 ? nil : repaired + bytes[copied...]
  }

  private enum Escape {
    /// Half of a surrogate pair: six bytes.
    case half
    /// A whole pair: twelve.
    case pair
    case other
  }

  private static func escape(in bytes: [UInt8], at position: Int) -> Escape {
    guard let first = unit(in: bytes, at: position), 0xD800...0xDFFF ~= first else { return .other }
    guard first < 0xDC00, let second = unit(in: bytes, at: position + 6),
      0xDC00...0xDFFF ~= second
    else { return .half }
    return .pair
  }

  /// The number that `\uXXXX` stands for; nil for all else.
  private static func unit(in bytes: [UInt8], at position: Int) -> Int? {
    guard position + 6 <= bytes.count, bytes[position] == UInt8(ascii: "\\"),
      bytes[position + 1] == UInt8(ascii: "u")
    else { return nil }
    var value = 0
    for byte in bytes[(position + 2)..<(position + 6)] {
      guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { return nil }
      value = 16 * value + digit
    }
    return value
  }

  /// How long a number is that JSON does not have; nil where there is none.
  private static func number(in bytes: [UInt8], at position: Int) -> Int? {
    let rest = bytes[position...]
    for name in ["NaN", "Infinity", "-Infinity"] where rest.starts(with: name.utf8) {
      return name.utf8.count
    }
    return nil
  }
}
