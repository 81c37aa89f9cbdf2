import Crypto
import Foundation

/// A digest of texts in order, to tell whether two runs are of the same thing.
enum Fingerprint {
  /// SHA-256 in hexadecimal; each text is preceded by its length, so that no two lists agree.
  static func of(_ texts: some Sequence<String>) -> String {
    var hash = SHA256()
    for text in texts {
      withUnsafeBytes(of: UInt64(text.utf8.count).littleEndian) { hash.update(bufferPointer: $0) }
      hash.update(data: Data(text.utf8))
    }
    return hash.finalize().map { byte in
      let digits = String(byte, radix: 16)
      return digits.count == 1 ? "0" + digits : digits
    }.joined()
  }
}
