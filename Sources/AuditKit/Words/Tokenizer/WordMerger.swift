/// Merges the bytes of one word into tokens, and keeps its buffers from word to word.
struct WordMerger: Sendable {
  /// The tokens of the last word.
  private(set) var tokens: [Int32] = []
  /// For each token the one that it makes with the next; `none` where they make none.
  private var candidates: [Int32] = []

  private static let none = Int32.max
  /// Longer words are merged through a queue: the plain search takes quadratic time.
  private static let plainSearchLimit = 48

  /// Applies the lowest-ranked merge, everywhere and from left to right, until none is left.
  ///
  /// A token is made by one merge only and later than its parts, so no merge can bring up one of
  /// lower rank, and both ways below give the same tokens.
  /// `endsWord` is false for a piece of a longer word that is not its last.
  mutating func merge(
    _ word: Span<UInt8>, endsWord: Bool = true, with mergedToken: PairTable
  ) {
    tokens.removeAll(keepingCapacity: true)
    for offset in 0..<word.count { tokens.append(ByteAlphabet.tokenOfByte[Int(word[offset])]) }
    if endsWord, !tokens.isEmpty { tokens[tokens.count - 1] += 256 }
    if tokens.count <= Self.plainSearchLimit {
      mergeBySearch(mergedToken)
    } else {
      mergeByQueue(mergedToken)
    }
  }

  private mutating func mergeBySearch(_ mergedToken: PairTable) {
    candidates.removeAll(keepingCapacity: true)
    guard tokens.count > 1 else { return }
    for index in 0..<tokens.count - 1 {
      candidates.append(Self.candidate(tokens[index], tokens[index + 1], mergedToken))
    }
    while let best = candidates.min(), best != Self.none {
      apply(best)
      // Only pairs with the new token are new.
      for index in candidates.indices where tokens[index] == best || tokens[index + 1] == best {
        candidates[index] = Self.candidate(tokens[index], tokens[index + 1], mergedToken)
      }
    }
  }

  /// Replaces each pair that makes `best`, and moves the rest up.
  private mutating func apply(_ best: Int32) {
    var (read, write) = (0, 0)
    while read < tokens.count {
      let merges = read < candidates.count && candidates[read] == best
      tokens[write] = merges ? best : tokens[read]
      read += merges ? 2 : 1
      if read - 1 < candidates.count { candidates[write] = candidates[read - 1] }
      write += 1
    }
    tokens.removeLast(tokens.count - write)
    candidates.removeLast(candidates.count - (write - 1))
  }

  /// O(n log n): a queue of pairs ordered by rank and position, over a linked list of tokens.
  private mutating func mergeByQueue(_ mergedToken: PairTable) {
    let end = tokens.count
    var next = (0..<end).map { Int32($0 + 1) }
    var previous = (0..<end).map { Int32($0 - 1) }
    let dead = Int32(-1)
    var queue = BinaryHeap<UInt64>(
      (0..<end - 1).compactMap { index in
        Self.entry(Self.candidate(tokens[index], tokens[index + 1], mergedToken), index)
      })
    while let entry = queue.pop() {
      let (made, left) = (Int32(entry >> 32), Int(entry & 0xFFFF_FFFF))
      let right = Int(next[left])
      guard tokens[left] != dead, right < end,
        Self.candidate(tokens[left], tokens[right], mergedToken) == made
      else { continue }
      tokens[left] = made
      tokens[right] = dead
      let after = Int(next[right])
      next[left] = Int32(after)
      if after < end {
        previous[after] = Int32(left)
        Self.entry(Self.candidate(made, tokens[after], mergedToken), left).map { queue.push($0) }
      }
      let before = Int(previous[left])
      if before >= 0 {
        Self.entry(Self.candidate(tokens[before], made, mergedToken), before)
          .map { queue.push($0) }
      }
    }
    tokens.removeAll { $0 == dead }
  }

  private static func entry(_ candidate: Int32, _ position: Int) -> UInt64? {
    candidate == none ? nil : UInt64(candidate) << 32 | UInt64(position)
  }

  @inline(__always)
  private static func candidate(_ left: Int32, _ right: Int32, _ mergedToken: PairTable) -> Int32 {
    let made = mergedToken.value(of: left, right)
    return made < 0 ? none : made
  }
}
