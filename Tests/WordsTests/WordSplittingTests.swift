import AuditWords
import Testing

struct WordSplittingTests {
  static let clip = try? BytePairTokenizer(merges: [], splitting: .clip, readsSpecialTokens: true)
  static let marks = try? BytePairTokenizer(merges: [], splitting: .marksInWords)

  @Test(arguments: [
    ("a photo of a cat.", ["a", "photo", "of", "a", "cat", "."]),
    ("2024: 3.5kg", ["2", "0", "2", "4", ":", "3", ".", "5", "kg"]),
    ("½²Ⅻ٣", ["½", "²", "ⅻ", "٣"]),
    (
      "don't they're we've i'd i'll i'm 'tis",
      [
        "don", "'t", "they", "'re", "we", "'ve", "i", "'d", "i", "'ll", "i", "'m", "'t", "is",
      ]
    ),
    ("'sam 'ſt 'xy '", ["'s", "am", "'ſ", "t", "'", "xy", "'"]),
    ("!'s wow!!! $%&x", ["!'", "s", "wow", "!!!", "$%&", "x"]),
    ("кошка日本ñ", ["кошка日本ñ"]),
    ("👍🏽❤️ok", ["👍🏽❤️", "ok"]),
    ("a\u{345}b", ["a", "b"]),
    ("", []),
  ])
  func clipCutsAsItsExpressionDoes(caption: String, words: [String]) throws {
    #expect(try #require(Self.clip).words(of: caption) == words)
  }

  @Test(arguments: [
    ("हिन्दी", ["ह", "ि", "न", "्", "द", "ी"], ["हिन्दी"]),
    ("مُحَمَّد", ["م", "ُ", "ح", "َ", "م", "َّ", "د"], ["مُحَمَّد"]),
    ("สวัสดี!", ["สว", "ั", "สด", "ี!"], ["สวัสดี", "!"]),
    ("❤️ 1️⃣", ["❤️", "1", "\u{FE0F}\u{20E3}"], ["❤️", "1", "\u{FE0F}\u{20E3}"]),
    ("naïve x", ["naïve", "x"], ["naïve", "x"]),
  ])
  func marksStayInWordsOnlyWhereAsked(caption: String, clip: [String], marks: [String]) throws {
    func scalars(_ words: [String]) -> [[Unicode.Scalar]] { words.map { Array($0.unicodeScalars) } }
    #expect(scalars(try #require(Self.clip).words(of: caption)) == scalars(clip))
    #expect(scalars(try #require(Self.marks).words(of: caption)) == scalars(marks))
  }

  @Test func onlyClipsVocabularyReadsTokensWrittenOut() throws {
    let (clip, marks) = (try #require(Self.clip), try #require(Self.marks))
    let caption = "x <End_of_Text> !<end_of_text> <start_of_text>"
    var encoder = BytePairEncoder(clip)
    let tokens = encoder.tokens(of: caption)
    #expect(tokens.filter { $0 == clip.endToken }.count == 1)
    #expect(tokens.filter { $0 == clip.startToken }.count == 1)
    encoder = BytePairEncoder(marks)
    #expect(!encoder.tokens(of: caption).contains { $0 >= marks.startToken })
  }

  @Test func cuttingLosesOnlyWhiteSpace() throws {
    for tokenizer in [try #require(Self.clip), try #require(Self.marks)] {
      for caption in OddCaptions.all {
        let joined = tokenizer.words(of: caption).joined()
        #expect(
          OddCaptions.withoutSpaces(joined)
            == OddCaptions.withoutSpaces(CaptionCleaner.clean(caption)),
          "\(caption.debugDescription)")
      }
    }
  }
}
