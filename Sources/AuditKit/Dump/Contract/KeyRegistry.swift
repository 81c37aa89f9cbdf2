import AuditFiles
import Foundation

/// Remembers keys by a 128-bit fingerprint, so that ten million of them fit in memory and a crawl
/// cannot craft two keys that look the same.
struct KeyRegistry {
  private var seen: Set<UInt128> = []

  /// Whether the key is new; it is remembered from then on.
  mutating func insert(_ key: String) -> Bool {
    seen.insert(Self.fingerprint(key)).inserted
  }

  /// The first half of the key's SHA-256.
  ///
  /// Keys that Swift takes for equal (`é` in one or in two scalars) have the same.
  static func fingerprint(_ key: String) -> UInt128 {
    let isASCII = key.utf8.allSatisfy { $0 < 128 }
    let bytes = Array((isASCII ? key : key.precomposedStringWithCanonicalMapping).utf8)
    return ContentDigest(of: bytes).firstHalf
  }
}
