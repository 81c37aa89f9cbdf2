/// A subset of `0..<count`, one bit a member: what the safe set of an epoch is.
public struct BitSet: Sendable, Hashable {
  /// The number of candidates, members or not.
  public let count: Int
  /// Bit `i % 64` of word `i / 64` is candidate i; bits beyond `count` are 0.
  public private(set) var words: [UInt64]

  /// The empty subset of `0..<count`.
  public init(count: Int) {
    precondition(count >= 0, "a set of \(count) candidates")
    self.count = count
    words = [UInt64](repeating: 0, count: (count + 63) / 64)
  }

  /// The subset with the given members.
  public init(count: Int, members: some Sequence<Int>) {
    self.init(count: count)
    for member in members { self[member] = true }
  }

  /// The subset whose members are where `flags` is true.
  public init(_ flags: [Bool]) {
    self.init(count: flags.count)
    for (index, flag) in flags.enumerated() where flag { self[index] = true }
  }

  /// The subset of `0..<count` with these words; nil unless they are as many as needed and no bit
  /// beyond `count` is set.
  public init?(count: Int, words: [UInt64]) {
    guard count >= 0, words.count == (count + 63) / 64 else { return nil }
    if let last = words.last, count % 64 != 0, last >> UInt64(count % 64) != 0 { return nil }
    self.count = count
    self.words = words
  }

  /// Whether `index` is a member.
  public subscript(index: Int) -> Bool {
    get {
      precondition(0 <= index && index < count, "\(index) is not below \(count)")
      return words[index >> 6] >> UInt64(index & 63) & 1 == 1
    }
    set {
      precondition(0 <= index && index < count, "\(index) is not below \(count)")
      let bit: UInt64 = 1 << UInt64(index & 63)
      if newValue { words[index >> 6] |= bit } else { words[index >> 6] &= ~bit }
    }
  }
}

extension BitSet {
  /// The number of members.
  public var memberCount: Int { words.reduce(0) { $0 + $1.nonzeroBitCount } }

  /// Members as a share of all candidates; 0 of none.
  public var share: Double { count == 0 ? 0 : Double(memberCount) / Double(count) }

  /// The members in ascending order.
  public var indices: [Int] {
    var result: [Int] = []
    result.reserveCapacity(memberCount)
    for (position, word) in words.enumerated() {
      var rest = word
      while rest != 0 {
        result.append(position << 6 + rest.trailingZeroBitCount)
        rest &= rest - 1
      }
    }
    return result
  }

  /// Candidates that are in exactly one of both sets: what changed between two epochs.
  public static func ^ (left: BitSet, right: BitSet) -> BitSet {
    precondition(left.count == right.count, "sets of \(left.count) and \(right.count) candidates")
    var result = left
    for index in result.words.indices { result.words[index] ^= right.words[index] }
    return result
  }

  /// Adds the members of another set.
  public mutating func formUnion(_ other: BitSet) {
    precondition(count == other.count, "sets of \(count) and \(other.count) candidates")
    for index in words.indices { words[index] |= other.words[index] }
  }

  /// Candidates that are in both sets.
  public func intersection(_ other: BitSet) -> BitSet {
    precondition(count == other.count, "sets of \(count) and \(other.count) candidates")
    var result = self
    for index in result.words.indices { result.words[index] &= other.words[index] }
    return result
  }
}
