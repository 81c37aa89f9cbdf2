import AuditWords
import NeuralKit
import Testing

struct BytePairTokenizerTests {
  /// Trained on every odd caption, so that its merges reach into all scripts.
  static let trained: BytePairTokenizer? = {
    let captions = BytePairTrainerTests.captions + OddCaptions.all
    return try? BytePairTrainerTests.trainer(captions).train(minimumPairCount: 1)
  }()

  @Test func decodingGivesTheWordsOfTheCleanedCaption() throws {
    let tokenizer = try #require(Self.trained)
    var encoder = BytePairEncoder(tokenizer)
    for caption in OddCaptions.all {
      let tokens = encoder.tokens(of: caption)
      let decoded = tokenizer.decode(tokens)
      #expect(decoded == tokenizer.words(of: caption).joined(separator: " "))
      #expect(
        OddCaptions.withoutSpaces(decoded)
          == OddCaptions.withoutSpaces(CaptionCleaner.clean(caption)))
    }
  }

  @Test func randomTextComesBackFromItsTokens() throws {
    let tokenizer = try #require(Self.trained)
    var encoder = BytePairEncoder(tokenizer, cachedWords: 17)
    var generator = SeededGenerator(seed: 8)
    for round in 0..<500 {
      let caption = OddCaptions.random(&generator, scalars: round % 60)
      let decoded = tokenizer.decode(encoder.tokens(of: caption))
      #expect(
        decoded == tokenizer.words(of: caption).joined(separator: " "), "seed 8, round \(round)")
    }
  }

  @Test func tokensAreThoseOfTheMergesAppliedInOrder() throws {
    let tokenizer = try #require(Self.trained)
    var encoder = BytePairEncoder(tokenizer)
    for caption in OddCaptions.all {
      let plain = tokenizer.words(of: caption).flatMap {
        PlainBytePairs.encode($0, tokenizer.merges)
      }
      #expect(encoder.tokens(of: caption) == plain, "\(caption.debugDescription)")
    }
  }

  /// Words of 48 bytes and fewer are merged by a plain search, longer ones through a queue.
  @Test(arguments: [1, 2, 3, 17, 47, 48, 49, 50, 64, 65, 100, 333])
  func wordsOfAnyLengthAreMergedAlike(bytes: Int) throws {
    let tokenizer = try #require(Self.trained)
    var encoder = BytePairEncoder(tokenizer)
    var generator = SeededGenerator(seed: 12, UInt64(bytes))
    for _ in 0..<20 {
      let word = String(
        (0..<bytes).map { _ in Character(Unicode.Scalar(UInt8(97 + generator.index(below: 2)))) })
      // Met for the first time, and remembered.
      for _ in 0..<2 {
        #expect(
          encoder.tokens(of: word) == PlainBytePairs.encode(word, tokenizer.merges), "\(word)")
      }
    }
  }

  @Test(arguments: [0, 1, 3, 17, 1_000])
  func whatIsRememberedChangesNoToken(cachedWords: Int) throws {
    let tokenizer = try #require(Self.trained)
    var encoder = BytePairEncoder(tokenizer, cachedWords: cachedWords)
    let captions = OddCaptions.all + OddCaptions.all.reversed()
    for caption in captions {
      var fresh = BytePairEncoder(tokenizer)
      #expect(encoder.tokens(of: caption) == fresh.tokens(of: caption))
    }
  }

  @Test(arguments: [2, 3, 8, 77])
  func aRowIsStartTokenCaptionEndTokenZeros(contextLength: Int) throws {
    let tokenizer = try #require(Self.trained)
    var encoder = BytePairEncoder(tokenizer)
    for caption in OddCaptions.all {
      let tokens = encoder.tokens(of: caption)
      let kept = tokens.prefix(contextLength - 2)
      let row = tokenizer.encode(caption, contextLength: contextLength)
      let zeros = [Int32](repeating: 0, count: contextLength - 2 - kept.count)
      #expect(row == [tokenizer.startToken] + kept + [tokenizer.endToken] + zeros)
      #expect(row.firstIndex(of: row.max() ?? 0) == kept.count + 1)
    }
  }

  @Test func aBatchHoldsTheRowsOfItsCaptions() throws {
    let tokenizer = try #require(Self.trained)
    var encoder = BytePairEncoder(tokenizer)
    let batch = encoder.encode(OddCaptions.all, contextLength: 16)
    #expect(batch == OddCaptions.all.flatMap { tokenizer.encode($0, contextLength: 16) })
    // What lay in the batch before is overwritten.
    var dirty = [Int32](repeating: -1, count: 16)
    var span = dirty.mutableSpan
    encoder.encode("a cat", contextLength: 8, into: &span, at: 4)
    #expect(dirty[4..<12] == tokenizer.encode("a cat", contextLength: 8)[...])
    #expect(dirty[..<4] == [-1, -1, -1, -1] && dirty[12...] == [-1, -1, -1, -1])
  }

  @Test(.timeLimit(.minutes(20)), arguments: ["a", "кошка ", "?!"])
  func tenMegabyteCaptionsAreEncoded(piece: String) throws {
    let tokenizer = try #require(Self.trained)
    let caption = String(repeating: piece, count: 10_000_000 / piece.utf8.count)
    let row = tokenizer.encode(caption, contextLength: 77)
    #expect(row.count == 77 && row[0] == tokenizer.startToken && row.contains(tokenizer.endToken))
  }

  @Test func aRunLongerThanAPieceLosesNothing() throws {
    let tokenizer = try #require(Self.trained)
    var encoder = BytePairEncoder(tokenizer)
    for count in [65_535, 65_536, 65_537, 200_000] {
      let caption = String(repeating: "ab", count: count / 2) + (count % 2 == 1 ? "a" : "")
      #expect(tokenizer.decode(encoder.tokens(of: caption)) == caption)
    }
  }

  @Test func decodingStopsAtTheEndTokenAndMarksWhatIsNoToken() throws {
    let tokenizer = try #require(Self.trained)
    let row = tokenizer.encode("A cat on a mat", contextLength: 32)
    #expect(tokenizer.decode(row) == "a cat on a mat")
    let strangers = [-1, 0, tokenizer.endToken + 1, .max]
    #expect(tokenizer.decode(strangers) == "\u{FFFD}!\u{FFFD}\u{FFFD}")
    #expect(tokenizer.decode([]) == "")
  }

  @Test(arguments: [
    (0, 512, MergeFault.Kind.unknownSymbol), (512, 0, .unknownSymbol), (-1, 0, .unknownSymbol),
    (256, 0, .goesOnAfterEndOfWord), (0, 300, nil),
  ])
  func aMergeUsesEarlierSymbolsInsideAWord(left: Int32, right: Int32, fault: MergeFault.Kind?) {
    let merges = [BytePairTokenizer.Merge(left: left, right: right)]
    if let fault {
      #expect(throws: MergeFault(rank: 0, kind: fault)) { try BytePairTokenizer(merges: merges) }
    } else {
      #expect(throws: Never.self) { try BytePairTokenizer(merges: merges) }
    }
  }

  @Test func noSymbolIsMadeTwice() {
    // (a, b), c and a, (b, c) make the same symbol.
    let merges = [(64, 65), (65, 66), (512, 66), (64, 513)].map {
      BytePairTokenizer.Merge(left: Int32($0.0), right: Int32($0.1))
    }
    #expect(throws: MergeFault(rank: 3, kind: .madeBefore)) {
      try BytePairTokenizer(merges: merges)
    }
  }

  @Test func theFirst512TokensAreClipsBytes() throws {
    let tokenizer = try BytePairTokenizer(merges: [])
    #expect(tokenizer.vocabularySize == 514)
    #expect((tokenizer.startToken, tokenizer.endToken) == (512, 513))
    #expect(tokenizer.encode("!~", contextLength: 4) == [512, 0, 93 + 256, 513])
    // C2 A1: 94 printable bytes of ASCII come first, then A1...FF but for AD.
    #expect(tokenizer.encode("¡", contextLength: 4) == [512, 94 + 32, 94 + 256, 513])
    // C4 81: bytes that are not printable come last.
    #expect(tokenizer.encode("ā", contextLength: 4) == [512, 128, 188 + 35 + 256, 513])
  }
}
