import AuditWords
import Foundation
import NeuralKit
import Testing

struct TextAugmentationTests {
  typealias Operation = TextAugmentation.Operation

  static let captions =
    OddCaptions.all + [
      "A big dog runs quickly on the grass", "the men ran", "dog, dog! (Dog)", "a of the",
      "кошка сидит на зелёной траве", "قطة على العشب الأخضر", "dog",
    ]

  /// Calls with every caption, a number of seeds, with WordNet and without.
  private func withAugmentations(
    _ configuration: TextAugmentationConfiguration = .init(),
    _ body: (TextAugmentation, String, UInt64) throws -> Void
  ) throws {
    try SmallWordNet.with { wordNet in
      for source in [wordNet, nil] {
        let augmentation = TextAugmentation(configuration, wordNet: source)
        for caption in Self.captions {
          for seed in UInt64(0)..<12 { try body(augmentation, caption, seed) }
        }
      }
    }
  }

  private func words(_ caption: String) -> [String] {
    TextAugmentation.words(of: caption).map(String.init)
  }

  @Test func theSameSeedGivesTheSameVariant() throws {
    try withAugmentations { augmentation, caption, seed in
      var (first, second) = (SeededGenerator(seed: seed), SeededGenerator(seed: seed))
      #expect(
        augmentation.apply(caption, using: &first) == augmentation.apply(caption, using: &second))
      #expect(first == second)
    }
  }

  @Test func noCaptionBecomesEmptyAndAnEmptyOneStays() throws {
    try withAugmentations { augmentation, caption, seed in
      var generator = SeededGenerator(seed: seed)
      let variant = augmentation.apply(caption, using: &generator)
      if words(caption).isEmpty {
        #expect(variant == caption)
      } else {
        #expect(!words(variant).isEmpty, "\(caption.debugDescription), seed \(seed)")
      }
    }
  }

  @Test func swapsKeepEveryWord() throws {
    try withAugmentations { augmentation, caption, seed in
      var generator = SeededGenerator(seed: seed)
      let text = TextAugmentation.words(of: caption)
      let swapped = augmentation.apply(.randomSwap, to: text, using: &generator)
      #expect((swapped == nil) == (text.count < 2))
      if let swapped { #expect(swapped.sorted() == text.sorted()) }
    }
  }

  @Test func aSwapOfDifferentWordsChangesTheOrder() {
    let augmentation = TextAugmentation(wordNet: nil)
    for seed in UInt64(0)..<50 {
      var generator = SeededGenerator(seed: seed)
      let swapped = augmentation.apply(.randomSwap, to: ["a", "b", "c"], using: &generator)
      #expect(swapped != ["a", "b", "c"], "seed \(seed)")
    }
  }

  @Test func deletionLeavesSomeOfTheWordsInOrder() throws {
    try withAugmentations { augmentation, caption, seed in
      var generator = SeededGenerator(seed: seed)
      let text = TextAugmentation.words(of: caption)
      let kept = augmentation.apply(.randomDeletion, to: text, using: &generator)
      #expect((kept == nil) == (text.count < 2))
      if let kept {
        #expect((1..<text.count).contains(kept.count))
        var rest = text[...]
        for word in kept {
          let place = try #require(rest.firstIndex(of: word))
          rest = rest[(place + 1)...]
        }
      }
    }
  }

  @Test func certainDeletionLeavesOneWord() {
    let augmentation = TextAugmentation(.init(randomDeletionShare: 1), wordNet: nil)
    var generator = SeededGenerator(seed: 2)
    let kept = augmentation.apply(.randomDeletion, to: ["a", "b", "c"], using: &generator)
    #expect(kept?.count == 1)
  }

  @Test func insertionKeepsAllWordsInOrder() throws {
    try withAugmentations { augmentation, caption, seed in
      var generator = SeededGenerator(seed: seed)
      let text = TextAugmentation.words(of: caption)
      guard let longer = augmentation.apply(.randomInsertion, to: text, using: &generator) else {
        return
      }
      #expect(longer.count > text.count)
      var rest = text[...]
      for word in longer where word == rest.first { rest = rest.dropFirst() }
      #expect(rest.isEmpty, "\(caption.debugDescription), seed \(seed)")
    }
  }

  @Test func insertionWithoutWordNetRepeatsWords() {
    let augmentation = TextAugmentation(wordNet: nil)
    let text: [Substring] = ["кошка", "на", "траве"]
    for seed in UInt64(0)..<20 {
      var generator = SeededGenerator(seed: seed)
      let longer = augmentation.apply(.randomInsertion, to: text, using: &generator) ?? []
      #expect(longer.count == 4 && Set(longer) == Set(text))
    }
  }

  @Test func replacementTakesSynonymsAndKeepsWhatSurroundsTheWord() throws {
    try SmallWordNet.with { wordNet in
      let augmentation = TextAugmentation(wordNet: wordNet)
      let synonyms = Set(wordNet.synonyms(of: "dog"))
      var seen: Set<String> = []
      for seed in UInt64(0)..<100 {
        var generator = SeededGenerator(seed: seed)
        let text = TextAugmentation.words(of: "The (Dog), a кот; dog!")
        let replaced = try #require(
          augmentation.apply(.synonymReplacement, to: text, using: &generator))
        #expect([replaced[0], replaced[2], replaced[3]] == ["The", "a", "кот;"])
        let word = replaced[1].dropFirst().dropLast(2)
        #expect(replaced[1] == "(\(word))," && replaced[4] == "\(word)!")
        #expect(synonyms.contains(String(word)))
        seen.insert(String(word))
      }
      #expect(seen == synonyms)
    }
  }

  @Test func stopWordsAndUnknownWordsAreNotReplaced() throws {
    try Files.withFolder { folder in
      var small = SmallWordNet()
      small.synsets += [("noun", ["a", "ampere"]), ("noun", ["in", "indium"])]
      try small.write(to: folder)
      let augmentation = TextAugmentation(wordNet: try WordNet(folder: folder))
      for caption in ["a in", "A, IN", "zebra кошка 123", "…", ""] {
        var generator = SeededGenerator(seed: 3)
        let text = TextAugmentation.words(of: caption)
        #expect(augmentation.apply(.synonymReplacement, to: text, using: &generator) == nil)
      }
    }
  }

  @Test(arguments: [1, 2, 3, 9, 10, 17, 19, 20, 40])
  func oneWordInTenIsChangedAndAtLeastOne(count: Int) throws {
    let words = (0..<count).map { Substring("w\($0)") }
    let expected = max(1, count / 10)
    let augmentation = TextAugmentation(wordNet: nil)
    for seed in UInt64(0)..<20 {
      var generator = SeededGenerator(seed: seed)
      let longer = augmentation.apply(.randomInsertion, to: words, using: &generator)
      #expect(longer?.count == (count > 1 ? count + expected : nil))
      let swapped = augmentation.apply(.randomSwap, to: words, using: &generator)
      let moved = zip(words, swapped ?? words).count { $0 != $1 }
      #expect(moved <= 2 * expected)
    }
  }

  @Test func everyOperationIsDrawnAndOnlyThoseInUse() throws {
    let caption = "A big dog runs quickly on wet grass"
    let synonyms: Set<String> = [
      "large", "domestic", "Canis", "familiaris", "cad", "bounder", "chase", "tail", "scat",
      "rapidly",
    ]
    func kinds(_ configuration: TextAugmentationConfiguration, _ wordNet: WordNet?) -> [String: Int]
    {
      let augmentation = TextAugmentation(configuration, wordNet: wordNet)
      let original = words(caption)
      var kinds: [String: Int] = [:]
      for seed in UInt64(0)..<400 {
        var generator = SeededGenerator(seed: 77, seed)
        let variant = words(augmentation.apply(caption, using: &generator))
        let kind =
          Set(original).isSubset(of: variant)
          ? (variant.count > original.count ? "insertion" : "swap")
          : synonyms.isDisjoint(with: variant) ? "deletion" : "replacement"
        kinds[kind, default: 0] += 1
      }
      return kinds
    }
    try SmallWordNet.with { wordNet in
      // 100 of each are expected; 60 and 140 lie 4.6 standard deviations away.
      let all = kinds(.init(), wordNet)
      #expect(all.keys.sorted() == ["deletion", "insertion", "replacement", "swap"])
      #expect(all.values.allSatisfy { (60...140).contains($0) }, "\(all)")
      let noWordNet = kinds(.init(), nil)
      #expect(noWordNet.keys.sorted() == ["deletion", "insertion", "swap"])
      let two = kinds(.init(synonymReplacementShare: 0, randomSwapShare: 0), wordNet)
      #expect(two.keys.sorted() == ["deletion", "insertion"])
    }
  }

  @Test func noLetterOfAnotherScriptIsLost() throws {
    for caption in ["кошка сидит на зелёной траве", "قطة على العشب الأخضر", "日本語 の 写真 です"] {
      let augmentation = TextAugmentation(.init(randomDeletionShare: 0), wordNet: nil)
      for seed in UInt64(0)..<30 {
        var generator = SeededGenerator(seed: seed)
        let variant = words(augmentation.apply(caption, using: &generator))
        #expect(Set(variant) == Set(words(caption)))
      }
    }
  }

  @Test func aMissingWordNetIsToldAndDoneWithout() {
    var warnings: [String] = []
    let augmentation = TextAugmentation(.init(wordNetFolder: "/nowhere")) { warnings.append($0) }
    #expect(warnings.count == 1)
    var generator = SeededGenerator(seed: 6)
    let text = TextAugmentation.words(of: "dog")
    #expect(augmentation.apply(.synonymReplacement, to: text, using: &generator) == nil)
    #expect(augmentation.apply("dog", using: &generator) == "dog")
  }

  @Test func nothingInUseLeavesTheCaptionAsItIs() {
    let augmentation = TextAugmentation(
      .init(
        synonymReplacementShare: 0, randomInsertionShare: 0, randomSwapShare: 0,
        randomDeletionShare: 0), wordNet: nil)
    var generator = SeededGenerator(seed: 1)
    #expect(augmentation.apply("a  b\tc", using: &generator) == "a  b\tc")
  }

  @Test(.timeLimit(.minutes(20)))
  func tenMegabyteCaptionsAreVaried() throws {
    try SmallWordNet.with { wordNet in
      let augmentation = TextAugmentation(wordNet: wordNet)
      let text = TextAugmentation.words(of: String(repeating: "big dog кот ", count: 700_000))
      for operation in Operation.allCases {
        var generator = SeededGenerator(seed: 4)
        #expect(augmentation.apply(operation, to: text, using: &generator) != nil)
      }
    }
  }

  @Test func threadsThatShareAnAugmentationGetTheSameVariants() async throws {
    let folder = try Files.withFolder { $0 }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try SmallWordNet().write(to: folder)
    let augmentation = TextAugmentation(wordNet: try WordNet(folder: folder))
    @Sendable func variants() -> [String] {
      Self.captions.enumerated().map { index, caption in
        var generator = SeededGenerator(seed: 9, UInt64(index))
        return augmentation.apply(caption, using: &generator)
      }
    }
    let alone = variants()
    let together = await withTaskGroup(of: [String].self) { group in
      for _ in 0..<8 { group.addTask { variants() } }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(together.allSatisfy { $0 == alone })
  }
}
