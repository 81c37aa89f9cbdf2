import AuditWords

/// Byte-pair encoding as the papers write it down: slow, and plainly right.
enum PlainBytePairs {
  /// The bytes of a word as tokens, the last one marked as the end.
  static func bytes(of word: String) -> [Int32] {
    let printable = Array(0x21...0x7E) + Array(0xA1...0xAC) + Array(0xAE...0xFF)
    let order = printable + (0...0xFF).filter { !printable.contains($0) }
    var tokens = word.utf8.map { byte in Int32(order.firstIndex(of: Int(byte)) ?? -1) }
    if let last = tokens.indices.last { tokens[last] += 256 }
    return tokens
  }

  /// Replaces a pair from left to right.
  static func replace(_ merge: BytePairTokenizer.Merge, by made: Int32, in word: [Int32]) -> [Int32]
  {
    var output: [Int32] = []
    var position = 0
    while position < word.count {
      let isPair =
        position + 1 < word.count && word[position] == merge.left
        && word[position + 1] == merge.right
      output.append(isPair ? made : word[position])
      position += isPair ? 2 : 1
    }
    return output
  }

  /// Applies every merge in order of rank.
  static func encode(_ word: String, _ merges: [BytePairTokenizer.Merge]) -> [Int32] {
    merges.enumerated().reduce(bytes(of: word)) { word, merge in
      replace(merge.element, by: Int32(512 + merge.offset), in: word)
    }
  }

  /// Counts all pairs anew for every merge.
  static func train(
    _ counts: [String: Int], merges limit: Int, minimumPairCount: Int
  ) -> [BytePairTokenizer.Merge] {
    var words = counts.map { (tokens: bytes(of: $0.key), count: $0.value) }
    var merges: [BytePairTokenizer.Merge] = []
    while merges.count < limit {
      var pairs: [BytePairTokenizer.Merge: Int] = [:]
      for (tokens, count) in words {
        for (left, right) in zip(tokens, tokens.dropFirst()) {
          pairs[BytePairTokenizer.Merge(left: left, right: right), default: 0] += count
        }
      }
      let best = pairs.filter { $0.value >= minimumPairCount }
        .min { (-$0.value, $0.key.left, $0.key.right) < (-$1.value, $1.key.left, $1.key.right) }
      guard let best else { break }
      let made = Int32(512 + merges.count)
      merges.append(best.key)
      words = words.map { (replace(best.key, by: made, in: $0.tokens), $0.count) }
    }
    return merges
  }
}
