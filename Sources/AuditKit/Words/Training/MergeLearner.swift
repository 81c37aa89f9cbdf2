/// Finds the merges of a vocabulary: again and again the most frequent pair of neighbours.
///
/// Pair counts are kept up to date word by word, and a lazy queue yields the greatest: an entry
/// whose count is out of date goes back with the right one. That is enough, since a merge raises only
/// the counts of pairs with the new token. Cost: near linear in the bytes of the distinct words.
struct MergeLearner {
  /// A pair with the count it had when it was queued; the greatest count sorts first.
  private struct Candidate: Comparable {
    let count: Int
    let left: Int32
    let right: Int32
    let pair: Int32

    static func < (first: Self, second: Self) -> Bool {
      if first.count != second.count { return first.count > second.count }
      return (first.left, first.right) < (second.left, second.right)
    }
  }

  /// The tokens of all words, one word behind the other; a word shrinks in its place.
  private var tokens: [Int32] = []
  private var starts: [Int] = []
  private var lengths: [Int32] = []
  private let wordCounts: [Int]

  private var pairs = PairTable(minimumCapacity: 1 << 14)
  private var pairCounts: [Int] = []
  /// For each pair the words that had it once, in no order, some of them twice.
  private var pairWords: [[Int32]] = []

  private var strings = TokenStrings()
  private var merged: [Bool] = []

  init(words: ByteStringTable, counts: [Int]) {
    wordCounts = counts
    tokens.reserveCapacity(words.arena.count)
    for word in 0..<words.count {
      let range = words.range(of: word)
      starts.append(tokens.count)
      lengths.append(Int32(range.count))
      for byte in words.arena[range] { tokens.append(ByteAlphabet.tokenOfByte[Int(byte)]) }
      if !range.isEmpty { tokens[tokens.count - 1] += 256 }
    }
    for word in 0..<words.count {
      let start = starts[word]
      for position in start..<max(start, start + Int(lengths[word]) - 1) {
        add(tokens[position], tokens[position + 1], word)
      }
    }
  }

  /// The merges in order, at most so many, each seen at least `minimumPairCount` times.
  mutating func learn(atMost limit: Int, minimumPairCount: Int) -> [BytePairTokenizer.Merge] {
    var merges: [BytePairTokenizer.Merge] = []
    var queue = BinaryHeap(initialCandidates(minimumPairCount))
    while merges.count < limit, let candidate = queue.pop() {
      let count = pairCounts[Int(candidate.pair)]
      guard count >= minimumPairCount else { continue }
      if count != candidate.count {
        queue.push(
          Candidate(
            count: count, left: candidate.left, right: candidate.right, pair: candidate.pair))
        continue
      }
      // A vocabulary has no symbol twice, whatever way it could be made.
      guard strings.append(candidate.left, candidate.right) else { continue }
      let made = Int32(strings.count - 1)
      merges.append(BytePairTokenizer.Merge(left: candidate.left, right: candidate.right))
      for candidate in apply(candidate, made, minimumPairCount) { queue.push(candidate) }
    }
    return merges
  }

  private func initialCandidates(_ minimumPairCount: Int) -> [Candidate] {
    var candidates: [Candidate] = []
    // Every pair at the start is of single bytes; those that end a word stand on the right only.
    for left in Int32(0)..<256 {
      for right in Int32(0)..<512 {
        let pair = pairs.value(of: left, right)
        guard pair >= 0, pairCounts[Int(pair)] >= minimumPairCount else { continue }
        candidates.append(
          Candidate(count: pairCounts[Int(pair)], left: left, right: right, pair: pair))
      }
    }
    return candidates
  }

  /// Replaces a pair by the token it makes, in all words, and returns the pairs that come up.
  private mutating func apply(
    _ candidate: Candidate, _ made: Int32, _ minimumPairCount: Int
  ) -> [Candidate] {
    let words = pairWords[Int(candidate.pair)]
    pairWords[Int(candidate.pair)] = []
    let firstNewPair = pairCounts.count
    var created: [(Int32, Int32)] = []
    for word in words { replace(candidate, made, in: Int(word), &created) }
    return created.enumerated().compactMap { index, pair in
      let number = firstNewPair + index
      guard pairCounts[number] >= minimumPairCount else { return nil }
      return Candidate(
        count: pairCounts[number], left: pair.0, right: pair.1, pair: Int32(number))
    }
  }

  /// Replaces a pair in one word, and moves the counts of the pairs around it.
  private mutating func replace(
    _ candidate: Candidate, _ made: Int32, in word: Int, _ created: inout [(Int32, Int32)]
  ) {
    let (start, length) = (starts[word], Int(lengths[word]))
    guard markMerged(candidate, start, length) else { return }
    for offset in 0..<length - 1 where merged[offset] || merged[offset + 1] {
      let pair = pairs.value(of: tokens[start + offset], tokens[start + offset + 1])
      pairCounts[Int(pair)] -= wordCounts[word]
    }
    var (read, write) = (0, 0)
    while read < length {
      tokens[start + write] = merged[read] ? made : tokens[start + read]
      read += merged[read] ? 2 : 1
      write += 1
    }
    lengths[word] = Int32(write)
    for position in start..<start + write - 1
    where tokens[position] == made || tokens[position + 1] == made {
      if add(tokens[position], tokens[position + 1], word) {
        created.append((tokens[position], tokens[position + 1]))
      }
    }
  }

  /// Marks the tokens of a word that belong to a pair, from left to right; false if there is none.
  private mutating func markMerged(_ candidate: Candidate, _ start: Int, _ length: Int) -> Bool {
    while merged.count < length { merged.append(false) }
    var found = false
    var offset = 0
    while offset < length {
      let isPair =
        offset + 1 < length && tokens[start + offset] == candidate.left
        && tokens[start + offset + 1] == candidate.right
      merged[offset] = isPair
      if isPair { merged[offset + 1] = true }
      found = found || isPair
      offset += isPair ? 2 : 1
    }
    return found
  }

  /// Counts one more place of a pair; true if the pair is new.
  @discardableResult
  private mutating func add(_ left: Int32, _ right: Int32, _ word: Int) -> Bool {
    let (pair, isNew) = pairs.insert(left, right, fresh: Int32(pairCounts.count))
    if isNew {
      pairCounts.append(0)
      pairWords.append([])
    }
    pairCounts[Int(pair)] += wordCounts[word]
    if pairWords[Int(pair)].last != Int32(word) { pairWords[Int(pair)].append(Int32(word)) }
    return isNew
  }
}
