/// A set of byte strings, numbered from 0 in the order of their arrival.
///
/// Open addressing over one arena: a word costs its bytes and 16 more, and a look-up allocates
/// nothing. The hash is seeded per process, since captions come from strangers; nothing that is
/// kept depends on it.
struct ByteStringTable: Sendable {
  private var slots: [Int32]
  private var hashes: [UInt32] = []
  private var ends: [Int] = []
  /// The strings, one behind the other.
  private(set) var arena: [UInt8] = []
  private let seed: UInt64

  private static let processSeed = UInt64.random(in: .min ... .max) | 1

  init(minimumCapacity: Int = 0) {
    var capacity = 64
    while capacity < minimumCapacity * 2 { capacity *= 2 }
    slots = [Int32](repeating: -1, count: capacity)
    seed = Self.processSeed
  }

  /// Number of strings.
  var count: Int { ends.count }

  /// Where the bytes of a string lie in `arena`.
  func range(of index: Int) -> Range<Int> { (index == 0 ? 0 : ends[index - 1])..<ends[index] }

  /// The string's number, if it is there.
  ///
  /// Expected cost: the string's length.
  @inline(__always)
  func index(of key: Span<UInt8>) -> Int? {
    let found = slots[slot(of: key, hash: hash(key))]
    return found < 0 ? nil : Int(found)
  }

  /// The string's number, new or old.
  @inline(__always)
  mutating func insert(_ key: Span<UInt8>) -> (index: Int, isNew: Bool) {
    let hash = hash(key)
    let position = slot(of: key, hash: hash)
    if slots[position] >= 0 { return (Int(slots[position]), false) }
    slots[position] = Int32(ends.count)
    hashes.append(hash)
    for offset in 0..<key.count { arena.append(key[offset]) }
    ends.append(arena.count)
    if ends.count * 2 > slots.count { grow() }
    return (ends.count - 1, true)
  }

  /// Forgets all strings and keeps the room they took.
  mutating func removeAll() {
    for position in slots.indices { slots[position] = -1 }
    hashes.removeAll(keepingCapacity: true)
    ends.removeAll(keepingCapacity: true)
    arena.removeAll(keepingCapacity: true)
  }

  /// The slot that holds the key, or the empty one where it would go.
  @inline(__always)
  private func slot(of key: Span<UInt8>, hash: UInt32) -> Int {
    let mask = slots.count - 1
    var position = Int(hash) & mask
    while slots[position] >= 0 {
      let index = Int(slots[position])
      if hashes[index] == hash, equals(index, key) { return position }
      position = (position + 1) & mask
    }
    return position
  }

  @inline(__always)
  private func equals(_ index: Int, _ key: Span<UInt8>) -> Bool {
    let range = range(of: index)
    guard range.count == key.count else { return false }
    for offset in 0..<key.count where arena[range.lowerBound + offset] != key[offset] {
      return false
    }
    return true
  }

  @inline(__always)
  private func hash(_ key: Span<UInt8>) -> UInt32 {
    var state = seed
    for offset in 0..<key.count {
      state = (state ^ UInt64(key[offset])) &* 0x9E37_79B9_7F4A_7C15
      state ^= state >> 29
    }
    return UInt32(truncatingIfNeeded: state ^ state >> 32)
  }

  private mutating func grow() {
    slots = [Int32](repeating: -1, count: slots.count * 2)
    let mask = slots.count - 1
    for (index, hash) in hashes.enumerated() {
      var position = Int(hash) & mask
      while slots[position] >= 0 { position = (position + 1) & mask }
      slots[position] = Int32(index)
    }
  }
}
