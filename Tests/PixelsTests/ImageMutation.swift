import NeuralKit

/// Damage as crawls and attackers make it.
enum ImageMutation {
  /// Up to seven changes: bytes changed, removed and doubled.
  ///
  /// Checksums and sizes that would end most attempts early are mostly made to fit again.
  static func mutated(_ image: [UInt8], _ generator: inout SeededGenerator) -> [UInt8] {
    var bytes = image
    for _ in 0...generator.index(below: 6) where !bytes.isEmpty {
      let position = generator.index(below: bytes.count)
      switch generator.index(below: 5) {
      case 0: bytes[position] = UInt8(generator.index(below: 256))
      case 1: bytes[position] ^= 1 << UInt8(generator.index(below: 8))
      case 2: bytes[position] = [0, 0xFF, 0xD8, 0xDA, 0x7F][generator.index(below: 5)]
      case 3:
        bytes.removeSubrange(position..<min(position + 1 + generator.index(below: 9), bytes.count))
      default:
        let end = min(position + 1 + generator.index(below: 33), bytes.count)
        bytes.insert(contentsOf: Array(bytes[position..<end]), at: position)
      }
    }
    return generator.flip(0.8) ? repaired(bytes) : bytes
  }

  /// A PNG's chunks with checksums that fit, a WebP with a size that fits; other bytes as they are.
  private static func repaired(_ bytes: [UInt8]) -> [UInt8] {
    if bytes.starts(with: [0x89, 0x50]) { return withRepairedChecksums(bytes) }
    if bytes.starts(with: "RIFF".utf8) { return withRepairedSize(bytes) }
    return bytes
  }

  private static func withRepairedChecksums(_ bytes: [UInt8]) -> [UInt8] {
    var bytes = bytes
    var position = 8
    while position + 12 <= bytes.count {
      let length = bytes[position..<(position + 4)].reduce(0) { $0 << 8 | Int($1) }
      let end = position + 8 + length
      guard end + 4 <= bytes.count else { break }
      bytes.replaceSubrange(end..<(end + 4), with: bigEndian(crc32(bytes[(position + 4)..<end])))
      position = end + 4
    }
    return bytes
  }

  /// A WebP whose RIFF chunk ends where the file does.
  static func withRepairedSize(_ bytes: [UInt8]) -> [UInt8] {
    guard bytes.count >= 8 else { return bytes }
    return bytes[..<4] + littleEndian(UInt32(bytes.count - 8)) + bytes[8...]
  }

  /// Bit by bit, apart from the code under test.
  static func crc32(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    var state = UInt32.max
    for byte in bytes {
      state ^= UInt32(byte)
      for _ in 0..<8 {
        let isOdd = state & 1 == 1
        state >>= 1
        if isOdd { state ^= 0xEDB8_8320 }
      }
    }
    return ~state
  }

  /// Four bytes, the most significant first.
  static func bigEndian(_ number: UInt32) -> [UInt8] {
    [24, 16, 8, 0].map { (shift: UInt32) -> UInt8 in UInt8(truncatingIfNeeded: number >> shift) }
  }

  /// Four bytes, the least significant first.
  static func littleEndian(_ number: UInt32) -> [UInt8] { bigEndian(number).reversed() }
}
