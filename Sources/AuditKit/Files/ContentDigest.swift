import Crypto
import Foundation

/// The SHA-256 of some bytes (FIPS 180-4): a name for contents.
package struct ContentDigest: Hashable, Sendable {
  /// 32 bytes as four words in little-endian order.
  package let words: (UInt64, UInt64, UInt64, UInt64)

  /// Hashes `content`.
  package init(of content: [UInt8]) {
    self = SHA256.hash(data: content).withUnsafeBytes(ContentDigest.init(raw:))
  }

  /// Hashes texts in order; each is preceded by its length, so that no two lists have the same bytes.
  package init(of texts: some Sequence<String>) {
    var hash = SHA256()
    for text in texts {
      withUnsafeBytes(of: UInt64(text.utf8.count).littleEndian) { hash.update(bufferPointer: $0) }
      hash.update(data: Data(text.utf8))
    }
    self = hash.finalize().withUnsafeBytes(ContentDigest.init(raw:))
  }

  /// Takes the first 32 bytes as they are.
  package init(raw bytes: UnsafeRawBufferPointer) {
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
  package var hexadecimal: String { bytes.hexadecimal }

  /// The first 16 bytes as a big-endian number: enough to tell contents apart that nobody crafted in 2^64
  /// attempts.
  package var firstHalf: UInt128 {
    UInt128(words.0.byteSwapped) << 64 | UInt128(words.1.byteSwapped)
  }

  package static func == (left: Self, right: Self) -> Bool { left.words == right.words }

  package func hash(into hasher: inout Hasher) { hasher.combine(words.0) }
}
