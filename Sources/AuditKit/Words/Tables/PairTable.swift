/// A map from pairs of tokens to a number at least 0: open addressing, no deletion.
struct PairTable: Sendable {
  private var keys: [UInt64]
  private var values: [Int32]
  private(set) var count = 0

  private static let empty = UInt64.max

  init(minimumCapacity: Int = 0) {
    var capacity = 64
    while capacity < minimumCapacity * 2 { capacity *= 2 }
    keys = [UInt64](repeating: Self.empty, count: capacity)
    values = [Int32](repeating: 0, count: capacity)
  }

  /// The value of a pair; -1 if it has none.
  @inline(__always)
  func value(of left: Int32, _ right: Int32) -> Int32 {
    let position = slot(of: Self.key(left, right))
    return keys[position] == Self.empty ? -1 : values[position]
  }

  /// The value of a pair, which is set to `fresh` if it had none.
  mutating func insert(_ left: Int32, _ right: Int32, fresh: Int32) -> (value: Int32, isNew: Bool) {
    let key = Self.key(left, right)
    let position = slot(of: key)
    if keys[position] == key { return (values[position], false) }
    keys[position] = key
    values[position] = fresh
    count += 1
    if count * 2 > keys.count { grow() }
    return (fresh, true)
  }

  private static func key(_ left: Int32, _ right: Int32) -> UInt64 {
    UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right))
  }

  @inline(__always)
  private func slot(of key: UInt64) -> Int {
    let mask = keys.count - 1
    let mixed = (key ^ key >> 31) &* 0x9E37_79B9_7F4A_7C15
    var position = Int(truncatingIfNeeded: mixed >> 32) & mask
    while keys[position] != key, keys[position] != Self.empty { position = (position + 1) & mask }
    return position
  }

  private mutating func grow() {
    let (oldKeys, oldValues) = (keys, values)
    keys = [UInt64](repeating: Self.empty, count: oldKeys.count * 2)
    values = [Int32](repeating: 0, count: oldKeys.count * 2)
    for (key, value) in zip(oldKeys, oldValues) where key != Self.empty {
      let position = slot(of: key)
      keys[position] = key
      values[position] = value
    }
  }
}
