import NeuralKit

/// The four operations. Each returns nil where it could change nothing.
extension TextAugmentation {
  /// Replaces `count` different words, everywhere they stand, each by one of its synonyms.
  func replacingSynonyms(
    _ words: [Substring], _ count: Int, _ generator: inout SeededGenerator
  ) -> [Substring]? {
    var order = Array(words.indices)
    var replacements: [String: String] = [:]
    // Draws words without replacement until enough of them have synonyms.
    for drawn in order.indices where replacements.count < count {
      order.swapAt(drawn, drawn + generator.index(below: order.count - drawn))
      guard let word = CaptionWord(words[order[drawn]]).english, replacements[word] == nil else {
        continue
      }
      replacements[word] = synonym(of: word, &generator)
    }
    if replacements.isEmpty { return nil }
    return words.map { text in
      let word = CaptionWord(text)
      return word.english.flatMap { replacements[$0] }.map(word.replaced) ?? text
    }
  }

  /// Inserts `count` synonyms of words of the caption at random places; where no word has synonyms,
  /// repeats words instead.
  func inserting(
    _ words: [Substring], _ count: Int, _ generator: inout SeededGenerator
  ) -> [Substring]? {
    var insertions: [(gap: Int, word: Substring)] = []
    for _ in 0..<count {
      guard let word = synonymOfAnyWord(words, &generator) else { continue }
      insertions.append((generator.index(below: words.count + 1), Substring(word)))
    }
    if insertions.isEmpty {
      guard words.count > 1 else { return nil }
      for _ in 0..<count {
        let word = words[generator.index(below: words.count)]
        insertions.append((generator.index(below: words.count + 1), word))
      }
    }
    // Merged in one pass: inserting one by one would take quadratic time.
    var pending = insertions.sorted { $0.gap < $1.gap }[...]
    var output: [Substring] = []
    output.reserveCapacity(words.count + insertions.count)
    for gap in 0...words.count {
      while let next = pending.first, next.gap == gap { output.append(pending.removeFirst().word) }
      if gap < words.count { output.append(words[gap]) }
    }
    return output
  }

  /// Swaps two words, `count` times.
  func swapping(
    _ words: [Substring], _ count: Int, _ generator: inout SeededGenerator
  ) -> [Substring]? {
    guard words.count > 1 else { return nil }
    var output = words
    for _ in 0..<count {
      let first = generator.index(below: output.count)
      let second = (first + 1 + generator.index(below: output.count - 1)) % output.count
      output.swapAt(first, second)
    }
    return output
  }

  /// Leaves out each word with a probability, at least one word, never all.
  func deleting(_ words: [Substring], _ generator: inout SeededGenerator) -> [Substring]? {
    guard words.count > 1 else { return nil }
    var kept = words.filter { _ in !generator.flip(configuration.randomDeletionShare) }
    if kept.isEmpty { return [words[generator.index(below: words.count)]] }
    if kept.count == words.count { kept.remove(at: generator.index(below: kept.count)) }
    return kept
  }

  /// A synonym of a random word that has some; ten tries, as the authors' program does.
  private func synonymOfAnyWord(
    _ words: [Substring], _ generator: inout SeededGenerator
  ) -> String? {
    guard synonyms != nil else { return nil }
    for _ in 0..<10 {
      guard let word = CaptionWord(words[generator.index(below: words.count)]).english else {
        continue
      }
      if let synonym = synonym(of: word, &generator) { return synonym }
    }
    return nil
  }

  /// One of a word's synonyms; nil if it has none or is a stop word.
  private func synonym(of word: String, _ generator: inout SeededGenerator) -> String? {
    guard !StopWords.contains(word), let found = synonyms?.synonyms(of: word), !found.isEmpty
    else { return nil }
    return found[generator.index(below: found.count)]
  }
}
