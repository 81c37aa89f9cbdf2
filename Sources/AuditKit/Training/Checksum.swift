/// A 64-bit checksum against damage, not against malice.
///
/// Each word of eight bytes is mixed in by steps that are bijections of the state, so a change within
/// one word always changes the result.
struct Checksum: Sendable {
  private(set) var value: UInt64 = 0x9E37_79B9_7F4A_7C15

  /// Takes in bytes, and how many there are.
  mutating func add(_ bytes: UnsafeRawBufferPointer) {
    add(UInt64(bytes.count))
    let whole = bytes.count & ~7
    for start in stride(from: 0, to: whole, by: 8) {
      add(UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: start, as: UInt64.self)))
    }
    var rest: UInt64 = 0
    for place in whole..<bytes.count { rest = rest << 8 | UInt64(bytes[place]) }
    add(rest)
  }

  private mutating func add(_ word: UInt64) {
    // The multiplier of Steele, Lea and Flood's SplitMix (2014).
    value = (value ^ word) &* 0xBF58_476D_1CE4_E5B9
    value ^= value >> 32
  }
}
