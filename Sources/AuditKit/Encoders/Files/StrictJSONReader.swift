/// Reads the little JSON that safetensors headers are made of: objects, strings, and lists of whole
/// numbers that are not negative.
///
/// Unlike a general parser it reports each name of an object, so that one that stands twice can be
/// refused.
struct StrictJSONReader {
  private let bytes: [UInt8]
  private var position = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// Reads an object, calling `member` after each name to read its value.
  mutating func object(
    _ member: (String, inout StrictJSONReader) throws(SafetensorsError) -> Void
  ) throws(SafetensorsError) {
    try expect("{")
    if try accept("}") { return }
    repeat {
      skipSpace()
      let name = try string()
      try expect(":")
      try member(name, &self)
    } while try accept(",")
    try expect("}")
  }

  /// Reads a list of whole numbers.
  mutating func integers() throws(SafetensorsError) -> [Int] {
    try expect("[")
    if try accept("]") { return [] }
    var numbers: [Int] = []
    repeat { numbers.append(try integer()) } while try accept(",")
    try expect("]")
    return numbers
  }

  /// Reads a string.
  mutating func string() throws(SafetensorsError) -> String {
    try expect("\"")
    var units: [UInt8] = []
    while true {
      guard let byte = peek() else { throw failure("the string does not end") }
      position += 1
      switch byte {
      case UInt8(ascii: "\""):
        guard let text = String(validating: units, as: UTF8.self) else {
          throw failure("the string is not UTF-8")
        }
        return text
      case UInt8(ascii: "\\"): units.append(contentsOf: String(try escaped()).utf8)
      case 0..<0x20: throw failure("a control character in a string")
      default: units.append(byte)
      }
    }
  }

  /// Nothing but space may follow; the format pads headers with it.
  mutating func end() throws(SafetensorsError) {
    skipSpace()
    guard position == bytes.count else { throw failure("text after the object") }
  }

  private mutating func integer() throws(SafetensorsError) -> Int {
    skipSpace()
    let start = position
    var value = 0
    while let byte = peek(), (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) {
      let (tens, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, carry) = tens.addingReportingOverflow(Int(byte - UInt8(ascii: "0")))
      guard !overflow, !carry else { throw failure("the number is too large") }
      value = sum
      position += 1
    }
    guard position > start else { throw failure("expected a whole number") }
    guard bytes[start] != UInt8(ascii: "0") || position == start + 1 else {
      throw failure("the number starts with a zero")
    }
    return value
  }

  private mutating func escaped() throws(SafetensorsError) -> Unicode.Scalar {
    guard let byte = peek() else { throw failure("the string does not end") }
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): return try unicodeEscape()
    default: throw failure("an unknown escape")
    }
  }

  /// `\uXXXX`, or two of them that make a surrogate pair.
  private mutating func unicodeEscape() throws(SafetensorsError) -> Unicode.Scalar {
    let first = try hexadecimal()
    if let scalar = Unicode.Scalar(first) { return scalar }
    guard (0xD800..<0xDC00).contains(first), try accept("\\"), try accept("u") else {
      throw failure("half a surrogate pair")
    }
    let second = try hexadecimal()
    guard (0xDC00..<0xE000).contains(second),
      let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
    else { throw failure("half a surrogate pair") }
    return scalar
  }

  private mutating func hexadecimal() throws(SafetensorsError) -> UInt32 {
    let digits = bytes[position...].prefix(4)
    guard digits.count == 4, digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
      let value = UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
    else { throw failure("expected four hexadecimal digits") }
    position += 4
    return value
  }

  private func peek() -> UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func skipSpace() {
    while let byte = peek(), [0x20, 0x09, 0x0A, 0x0D].contains(byte) { position += 1 }
  }

  private mutating func accept(_ character: Unicode.Scalar) throws(SafetensorsError) -> Bool {
    skipSpace()
    guard peek() == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func expect(_ character: Unicode.Scalar) throws(SafetensorsError) {
    guard try accept(character) else { throw failure("expected \"\(character)\"") }
  }

  private func failure(_ reason: String) -> SafetensorsError {
    .malformedHeader(offset: position, reason: reason)
  }
}
