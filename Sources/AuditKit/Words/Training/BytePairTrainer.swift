/// Learns a vocabulary from captions: counts words first, then merges pairs (Sennrich et al., 2016,
/// arXiv:1508.07909, algorithm 1).
///
/// Captions are fed one at a time and only their distinct words stay, about 40 bytes each. Several
/// trainers can count parts of a crawl and be joined. The result depends on the counts alone, not on
/// the order of captions: between pairs of equal count the one with the smaller left token goes
/// first, then the one with the smaller right token. (Only beyond `distinctByteLimit`, which no
/// language's words come near, does it matter which words came first.)
package struct BytePairTrainer: Sendable {
  /// Longer words are left out of the count: they are no words, and a few could fill the memory.
  package static let longestWord = 256

  /// How many bytes the distinct words may take before new ones are left out.
  ///
  /// By default 64 MiB: some 8 million words, which training turns into less than 1 GiB. A crawl of
  /// random letters would fill any memory.
  package let distinctByteLimit: Int
  /// How captions are cut into words.
  package let splitting: WordSplitting
  /// Number of captions counted so far.
  package private(set) var captionCount = 0

  private(set) var words = ByteStringTable()
  private(set) var wordCounts: [Int] = []
  private let scanner: WordScanner
  private var cleaned: [UInt8] = []

  package init(
    splitting: WordSplitting = TokenizerConfiguration().wordSplitting,
    distinctByteLimit: Int = 1 << 26
  ) {
    self.splitting = splitting
    self.distinctByteLimit = distinctByteLimit
    scanner = WordScanner(splitting: splitting, readsSpecialTokens: false)
  }

  /// Number of distinct words.
  package var wordCount: Int { words.count }

  /// Counts a caption's words.
  package mutating func add(_ caption: String) {
    captionCount += 1
    CaptionCleaner.clean(caption, into: &cleaned)
    let text = cleaned
    cleaned = []
    var position = 0
    while case .text(let range)? = scanner.nextWord(in: text.span, from: &position) {
      if range.count <= Self.longestWord { count(text.span.extracting(range), times: 1) }
    }
    cleaned = text
  }

  /// Adds what another trainer counted, which must split words in the same way.
  package mutating func add(_ other: BytePairTrainer) {
    precondition(splitting == other.splitting, "trainers that split words differently")
    captionCount += other.captionCount
    for index in 0..<other.words.count {
      let word = other.words.arena.span.extracting(other.words.range(of: index))
      count(word, times: other.wordCounts[index])
    }
  }

  @inline(__always)
  private mutating func count(_ word: Span<UInt8>, times: Int) {
    if words.arena.count + word.count > distinctByteLimit {
      if let index = words.index(of: word) { wordCounts[index] += times }
      return
    }
    let (index, isNew) = words.insert(word)
    if isNew { wordCounts.append(times) } else { wordCounts[index] += times }
  }

  /// The vocabulary of the captions counted so far.
  ///
  /// `vocabularySize` is at least 514; nil takes the rule of `TokenizerConfiguration`. Fewer tokens
  /// come out where fewer pairs are frequent enough. Throws `WordsError.setting` for a value outside
  /// its range.
  package func train(
    vocabularySize: Int? = nil, minimumPairCount: Int = 2
  ) throws(WordsError) -> BytePairTokenizer {
    try TokenizerConfiguration(
      vocabularySize: vocabularySize, minimumPairCount: minimumPairCount
    ).validate()
    let size =
      vocabularySize ?? TokenizerConfiguration.vocabularySize(captions: captionCount)
    var learner = MergeLearner(words: words, counts: wordCounts)
    let merges = learner.learn(
      atMost: size - ByteAlphabet.tokenCount - 2, minimumPairCount: minimumPairCount)
    do throws(MergeFault) {
      return try BytePairTokenizer(merges: merges, splitting: splitting)
    } catch {
      preconditionFailure("learnt merges break a rule: \(error)")
    }
  }
}
