import AuditWords
import NeuralKit
import Testing

struct BytePairTrainerTests {
  static let captions = [
    "a dog runs on the grass", "two dogs running", "the dog and the cat", "a cat on a mat",
    "кошка на траве", "собака на траве", "日本語の写真", "日本語のキャプション", "नमस्ते दुनिया", "aaaa aaa aaaaaaa",
    "ababab abab bab", "running runner ran", "👍🏽👍🏽👍", "2024 2024 202",
  ]

  static func trainer(_ captions: some Sequence<String>) -> BytePairTrainer {
    var trainer = BytePairTrainer()
    for caption in captions { trainer.add(caption) }
    return trainer
  }

  @Test(arguments: [1, 2, 3], [514, 515, 531, 600, 4096])
  func learnsTheMergesOfThePlainAlgorithm(minimumPairCount: Int, vocabularySize: Int) throws {
    let tokenizer = try Self.trainer(Self.captions).train(
      vocabularySize: vocabularySize, minimumPairCount: minimumPairCount)
    var counts: [String: Int] = [:]
    for word in Self.captions.flatMap(tokenizer.words) { counts[word, default: 0] += 1 }
    let plain = PlainBytePairs.train(
      counts, merges: vocabularySize - 514, minimumPairCount: minimumPairCount)
    #expect(tokenizer.merges == plain)
    #expect(tokenizer.vocabularySize == 514 + plain.count)
  }

  @Test func learnsTheMergesOfThePlainAlgorithmFromRandomWords() throws {
    var generator = SeededGenerator(seed: 5)
    for round in 0..<30 {
      // Few letters, so that pairs repeat and overlap.
      let captions = (0..<20).map { _ in
        String(
          (0..<1 + generator.index(below: 30)).map { _ in
            Character(Unicode.Scalar(UInt8(generator.index(below: 4) + 0x60)))
          })
      }
      let tokenizer = try Self.trainer(captions).train(vocabularySize: 700)
      var counts: [String: Int] = [:]
      for word in captions.flatMap(tokenizer.words) { counts[word, default: 0] += 1 }
      let plain = PlainBytePairs.train(counts, merges: 186, minimumPairCount: 2)
      #expect(tokenizer.merges == plain, "seed 5, round \(round)")
    }
  }

  @Test func theOrderOfCaptionsDoesNotMatter() throws {
    let captions = Self.captions + OddCaptions.all
    let expected = try Self.trainer(captions).train(vocabularySize: 1_000)
    for seed in UInt64(0)..<10 {
      var generator = SeededGenerator(seed: seed)
      let shuffled = captions.shuffled(using: &generator)
      #expect(try Self.trainer(shuffled).train(vocabularySize: 1_000) == expected, "seed \(seed)")
    }
  }

  @Test(arguments: [1, 2, 3, 17])
  func countsFromPartsAreThoseOfTheWhole(parts: Int) throws {
    var joined = BytePairTrainer()
    for part in 0..<parts {
      joined.add(
        Self.trainer(
          stride(from: part, to: Self.captions.count, by: parts).map { Self.captions[$0] }))
    }
    let whole = Self.trainer(Self.captions)
    #expect(joined.captionCount == whole.captionCount)
    #expect(joined.wordCount == whole.wordCount)
    #expect(try joined.train(vocabularySize: 800) == whole.train(vocabularySize: 800))
  }

  @Test func aHigherPairCountGivesABeginningOfTheMerges() throws {
    let trainer = Self.trainer(Self.captions)
    let all = try trainer.train(minimumPairCount: 1).merges
    let some = try trainer.train(minimumPairCount: 3).merges
    #expect(some.count < all.count)
    #expect(some == Array(all.prefix(some.count)))
  }

  @Test func frequentWordsBecomeOneToken() throws {
    let tokenizer = try Self.trainer(Array(repeating: "кошка नमस्ते कुत्ता dog", count: 5)).train()
    var encoder = BytePairEncoder(tokenizer)
    for word in ["кошка", "नमस्ते", "कुत्ता", "dog", "DOG"] {
      #expect(encoder.tokens(of: word).count == 1, "\(word)")
    }
  }

  @Test func noCaptionsGiveTheBytesAlone() throws {
    let tokenizer = try BytePairTrainer().train()
    #expect(tokenizer.vocabularySize == 514)
    #expect(tokenizer.encode("ab", contextLength: 4) == [512, 64, 321, 513])
  }

  @Test func wordsOfMoreThan256BytesAreNotCounted() {
    let trainer = Self.trainer([
      String(repeating: "x", count: 256), String(repeating: "y", count: 257),
      String(repeating: "ж", count: 128), String(repeating: "ж", count: 129),
    ])
    #expect(trainer.wordCount == 2)
    #expect(trainer.captionCount == 4)
  }

  @Test func beyondTheLimitOnlyKnownWordsAreCounted() throws {
    var trainer = BytePairTrainer(distinctByteLimit: 8)
    for caption in ["abcd abcd", "xy xy", "vw", "uts", "abcd uts uts uts uts"] {
      trainer.add(caption)
    }
    #expect(trainer.wordCount == 3)
    let tokenizer = try trainer.train(minimumPairCount: 1)
    var encoder = BytePairEncoder(tokenizer)
    #expect(encoder.tokens(of: "abcd xy vw uts").count == 6)
    // "abcd" was counted three times, "xy" twice: its merges come first.
    #expect(tokenizer.decode([512]) == "ab" && tokenizer.merges.count == 5)
  }

  @Test func theConfigurationChoosesBetweenMergesFileAndTraining() throws {
    let configuration = TokenizerConfiguration(
      vocabularySize: 530, minimumPairCount: 1, wordSplitting: .clip)
    let trained = try BytePairTokenizer(configuration) { add in Self.captions.forEach(add) }
    #expect(trained.vocabularySize == 530 && trained.splitting == .clip)
    try Files.withFolder { folder in
      let path = folder + "merges.txt.gz"
      try trained.writeClipMerges(to: path)
      let loaded = try BytePairTokenizer(TokenizerConfiguration(mergesPath: path)) { _ in
        Issue.record("a merges file needs no captions")
      }
      #expect(loaded.merges == trained.merges && loaded.readsSpecialTokens)
    }
    #expect(throws: CancellationError.self) {
      try BytePairTokenizer(configuration) { _ in throw CancellationError() }
    }
  }

  @Test(arguments: [-1, 0, 513, 1_048_577])
  func refusesAnImpossibleVocabularySize(size: Int) {
    #expect {
      try BytePairTrainer().train(vocabularySize: size)
    } throws: { error in
      (error as? WordsError)?.description.hasPrefix("The setting vocabularySize is \(size)") == true
    }
  }

  @Test(.timeLimit(.minutes(20)))
  func tenMegabyteCaptionsAreCounted() throws {
    let trainer = Self.trainer([
      String(repeating: "a", count: 10_000_000), String(repeating: "ab cd ", count: 1_700_000),
      String(repeating: "?!", count: 5_000_000),
    ])
    #expect(trainer.wordCount == 2)
    #expect(try trainer.train().merges.count == 2)
  }
}
