import Crypto
import Foundation

/// Remembers keys by a 128-bit fingerprint, so that ten million of them fit in memory and a crawl
/// cannot craft two keys that look the same.
struct KeyRegistry {
  private var seen: Set<UInt128> = []

  /// Whether the key is new; it is remembered from then on.
  mutating func insert(_ key: some StringProtocol) -> Bool {
    seen.insert(Self.fingerprint(key)).inserted
  }

  /// The first half of the key's SHA-256.
  static func fingerprint(_ key: some StringProtocol) -> UInt128 {
    SHA256.hash(data: Array(key.utf8)).prefix(16).reduce(0) { ($0 << 8) | UInt128($1) }
  }
}
