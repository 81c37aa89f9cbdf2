/// One header block: ustar, GNU, or the older format without magic.
struct TarHeader {
  /// The name as stored, with ustar's prefix.
  let name: [UInt8]
  /// Bytes of data behind the header.
  let byteCount: Int64
  /// The type flag.
  let type: UInt8
  /// Whether the magic says ustar or GNU.
  let hasMagic: Bool

  /// Nil unless `block` is 512 bytes whose checksum and size are right.
  init?(_ block: ArraySlice<UInt8>) {
    guard block.count == TarBlock.byteCount else { return nil }
    let start = block.startIndex
    func field(_ range: Range<Int>) -> ArraySlice<UInt8> {
      block[(start + range.lowerBound)..<(start + range.upperBound)]
    }
    func text(_ range: Range<Int>) -> ArraySlice<UInt8> { field(range).prefix { $0 != 0 } }

    guard let stored = Self.number(field(TarBlock.checksum)),
      Self.checksum(of: block, isSigned: false) == stored
        || Self.checksum(of: block, isSigned: true) == stored,
      let byteCount = Self.number(field(TarBlock.size))
    else { return nil }
    self.byteCount = byteCount
    type = block[start + TarBlock.type]
    let magic = field(TarBlock.magic)
    hasMagic = magic.starts(with: "ustar".utf8)
    // GNU keeps times where ustar has the prefix.
    let prefix = magic.elementsEqual("ustar\0".utf8) ? text(TarBlock.prefix) : []
    let name = text(TarBlock.name)
    self.name = prefix.isEmpty ? Array(name) : Array(prefix) + [UInt8(ascii: "/")] + Array(name)
  }

  /// A number field: octal digits between spaces and NULs, or base 256 with the top bit set.
  static func number(_ field: ArraySlice<UInt8>) -> Int64? {
    guard let first = field.first else { return nil }
    if first & 0x80 != 0 {
      guard first == 0x80 else { return nil }  // negative
      return field.dropFirst().reduce(into: Int64?(0)) { sum, byte in
        sum = sum.flatMap { $0 > Int64.max >> 8 ? nil : $0 << 8 | Int64(byte) }
      }
    }
    let digits = field.drop { $0 == UInt8(ascii: " ") }
      .prefix { $0 != UInt8(ascii: " ") && $0 != 0 }
    // Eleven octal digits at most: no overflow.
    return digits.reduce(into: Int64?(0)) { sum, byte in
      let digit = Int64(byte) - 48
      sum = 0...7 ~= digit ? sum.map { $0 << 3 | digit } : nil
    }
  }

  /// The sum of the block's bytes with spaces in place of the checksum; some old writers took them as
  /// signed.
  private static func checksum(of block: ArraySlice<UInt8>, isSigned: Bool) -> Int64 {
    let start = block.startIndex
    var sum: Int64 = 8 * 32
    for range in [0..<TarBlock.checksum.lowerBound, TarBlock.checksum.upperBound..<512] {
      for byte in block[(start + range.lowerBound)..<(start + range.upperBound)] {
        sum &+= isSigned ? Int64(Int8(bitPattern: byte)) : Int64(byte)
      }
    }
    return sum
  }
}
