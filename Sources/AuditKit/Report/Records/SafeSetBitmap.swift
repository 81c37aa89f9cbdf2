/// A set of pairs, one bit for each: bit `i % 8` of byte `i / 8`, lowest first.
public struct SafeSetBitmap: Sendable, Equatable {
  /// Number of pairs, in the set or not.
  public let pairCount: Int
  /// The bits; those beyond the last pair are 0.
  public private(set) var bytes: [UInt8]

  /// An empty set.
  public init(pairCount: Int) {
    self.pairCount = pairCount
    bytes = [UInt8](repeating: 0, count: (pairCount + 7) / 8)
  }

  /// The set of the pairs whose element is true.
  public init(_ members: some Collection<Bool>) {
    self.init(pairCount: members.count)
    for (ordinal, isMember) in members.enumerated() where isMember { insert(ordinal) }
  }

  /// The set in 64-bit words: bit `i % 64` of word `i / 64`, lowest first.
  ///
  /// Bits beyond the last pair are ignored.
  public init(pairCount: Int, words: some Sequence<UInt64>) {
    self.init(pairCount: pairCount)
    var at = 0
    for word in words {
      for byte in 0..<8 where at + byte < bytes.count {
        bytes[at + byte] = UInt8(truncatingIfNeeded: word >> UInt64(8 * byte))
      }
      at += 8
    }
    clearPadding()
  }

  /// The set in bytes, as `bytes` gives it; bits beyond the last pair are ignored.
  init(pairCount: Int, bytes: some Sequence<UInt8>) {
    self.init(pairCount: pairCount)
    for (index, byte) in zip(self.bytes.indices, bytes) { self.bytes[index] = byte }
    clearPadding()
  }

  /// Adds a pair.
  public mutating func insert(_ ordinal: Int) {
    precondition(ordinal >= 0 && ordinal < pairCount, "pair \(ordinal) of \(pairCount)")
    bytes[ordinal / 8] |= 1 << UInt8(ordinal % 8)
  }

  /// Whether a pair is in the set.
  public func contains(_ ordinal: Int) -> Bool {
    precondition(ordinal >= 0 && ordinal < pairCount, "pair \(ordinal) of \(pairCount)")
    return bytes[ordinal / 8] >> UInt8(ordinal % 8) & 1 == 1
  }

  /// Number of pairs in the set.
  ///
  /// - Complexity: O(N / 8).
  public var count: Int { bytes.reduce(0) { $0 + $1.nonzeroBitCount } }

  private mutating func clearPadding() {
    let used = pairCount % 8
    if used > 0, let last = bytes.indices.last { bytes[last] &= (1 << UInt8(used)) - 1 }
  }
}
