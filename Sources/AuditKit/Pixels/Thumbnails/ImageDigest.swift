import Crypto

/// The SHA-256 of an image file's bytes: what names it in the cache.
package struct ImageDigest: Hashable, Sendable {
  /// 32 bytes as four words in little-endian order.
  let words: (UInt64, UInt64, UInt64, UInt64)

  /// Hashes the bytes of an image file.
  package init(of bytes: [UInt8]) {
    self = SHA256.hash(data: bytes).withUnsafeBytes(ImageDigest.init(raw:))
  }

  /// Takes the first 32 bytes as they are.
  init(raw bytes: UnsafeRawBufferPointer) {
    func word(_ index: Int) -> UInt64 {
      UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self))
    }
    words = (word(0), word(1), word(2), word(3))
  }

  /// The 32 bytes.
  package var bytes: [UInt8] {
    [words.0, words.1, words.2, words.3].flatMap { word in
      (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) }
    }
  }

  /// 64 hexadecimal digits.
  package var hexadecimal: String {
    let digits = Array("0123456789abcdef".utf8)
    return String(
      decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }

  package static func == (left: Self, right: Self) -> Bool { left.words == right.words }

  package func hash(into hasher: inout Hasher) { hasher.combine(words.0) }
}
