import AuditWords
import Foundation
import Testing

struct MergesFileTests {
  @Test(arguments: ["merges.txt", "merges.txt.gz"])
  func writtenMergesComeBack(name: String) throws {
    let tokenizer = try #require(BytePairTokenizerTests.trained)
    try Files.withFolder { folder in
      try tokenizer.writeClipMerges(to: folder + name)
      let read = try BytePairTokenizer(
        clipMerges: folder + name, splitting: .marksInWords, readsSpecialTokens: false)
      #expect(read == tokenizer)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == [name])
      let isGzip = try Data(contentsOf: URL(filePath: folder + name)).starts(with: [0x1F, 0x8B])
      #expect(isGzip == name.hasSuffix(".gz"))
    }
  }

  @Test func aFileIsAHeaderAndALineForEachMerge() throws {
    let merges = [(71, 76), (64, 83 + 256), (512, 513)].map {
      BytePairTokenizer.Merge(left: Int32($0.0), right: Int32($0.1))
    }
    try Files.withFolder { folder in
      try BytePairTokenizer(merges: merges).writeClipMerges(to: folder + "m.txt")
      let text = try String(contentsOfFile: folder + "m.txt", encoding: .utf8)
      // No end of line at the end: open_clip would count it as one more token.
      #expect(text == "#version: 0.2\nh m\na t</w>\nhm at</w>")
    }
  }

  @Test(arguments: [
    ("", 1), ("h e", 1), ("#version: 0.2\nh", 2), ("#version: 0.2\nh  e", 2),
    ("#version: 0.2\nh e l", 2), ("#version: 0.2\nh e\n\nl l", 3), ("#version: 0.2\nhe l", 2),
    ("#version: 0.2\nh</w> e", 2), ("#version: 0.2\nh e\nh e", 3), ("#version: 0.2\nh \u{3000}", 2),
    ("#version: 0.2\nh </w>", 2), ("#version: 0.2\nh e\r\n", 2),
  ])
  func aBrokenLineIsNamed(text: String, line: Int) throws {
    try Files.withFolder { folder in
      let path = folder + "merges.txt"
      try text.write(toFile: path, atomically: true, encoding: .utf8)
      #expect {
        try BytePairTokenizer(clipMerges: path)
      } throws: { error in
        guard case .merges(path, line, _)? = error as? WordsError else { return false }
        return true
      }
    }
  }

  @Test func anEndOfLineAtTheEndIsNoMerge() throws {
    try Files.withFolder { folder in
      let path = folder + "merges.txt"
      try "#version: 0.2\nh e\n".write(toFile: path, atomically: true, encoding: .utf8)
      #expect(try BytePairTokenizer(clipMerges: path).merges.count == 1)
      #expect(try BytePairTokenizer(clipMerges: path, limit: 1).merges.count == 1)
      #expect(try BytePairTokenizer(clipMerges: path, limit: 0).merges.isEmpty)
    }
  }

  @Test func aMissingFileIsNamedWithTheReason() {
    #expect {
      try BytePairTokenizer(clipMerges: "/nowhere/merges.txt")
    } throws: { error in
      "\(error)".contains("/nowhere/merges.txt") && "\(error)".contains("No such file")
    }
  }

  @Test func aCompressedFileCutAnywhereIsRefused() throws {
    let tokenizer = try #require(BytePairTokenizerTests.trained)
    try Files.withFolder { folder in
      let path = folder + "merges.txt.gz"
      try tokenizer.writeClipMerges(to: path)
      let whole = try Data(contentsOf: URL(filePath: path))
      for length in stride(from: 0, to: whole.count, by: 7) {
        try whole.prefix(length).write(to: URL(filePath: path))
        #expect(throws: WordsError.self, "\(length) of \(whole.count) bytes") {
          try BytePairTokenizer(clipMerges: path)
        }
      }
    }
  }

  @Test(.enabled(if: Files.hasClipMerges, Files.clipMergesMissing))
  func clipsVocabularyHas49408Tokens() throws {
    let tokenizer = try BytePairTokenizer(clipMerges: Files.clipMerges)
    #expect(tokenizer.vocabularySize == 49_408)
    #expect((tokenizer.startToken, tokenizer.endToken) == (49_406, 49_407))
    #expect(tokenizer.splitting == .clip && tokenizer.readsSpecialTokens)
  }
}
