extension Span<UInt8> {
  /// The scalar that starts at an offset of UTF-8 text, and its number of bytes.
  ///
  /// Bytes that are no UTF-8 read as U+FFFD, one byte long.
  @inline(__always)
  func scalar(at offset: Int) -> (scalar: Unicode.Scalar, length: Int) {
    let first = UInt32(self[offset])
    if first < 0x80 { return (Unicode.Scalar(UInt8(first)), 1) }
    let length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2
    guard first >= 0xC2, offset + length <= count else { return ("\u{FFFD}", 1) }
    var value = first & (0x7F >> UInt32(length))
    for position in offset + 1..<offset + length {
      let byte = UInt32(self[position])
      guard byte & 0xC0 == 0x80 else { return ("\u{FFFD}", 1) }
      value = value << 6 | byte & 0x3F
    }
    guard let scalar = Unicode.Scalar(value) else { return ("\u{FFFD}", 1) }
    return (scalar, length)
  }
}
