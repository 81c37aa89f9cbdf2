import AuditWords
import Foundation
import Testing

struct TokenizerDocumentTests {
  @Test func aWrittenTokenizerComesBack() throws {
    let tokenizer = try #require(BytePairTokenizerTests.trained)
    try Files.withFolder { folder in
      let path = folder + "tokenizer.json"
      try tokenizer.write(to: path)
      let read = try BytePairTokenizer(contentsOf: path)
      #expect(read == tokenizer)
      for caption in OddCaptions.all { #expect(read.encode(caption) == tokenizer.encode(caption)) }
      let first = try Data(contentsOf: URL(filePath: path))
      try read.write(to: path)
      #expect(try Data(contentsOf: URL(filePath: path)) == first)
    }
  }

  static let valid = """
    {"format": "byte-pair tokenizer", "version": 1, "vocabularySize": 516, "startToken": 514,
    "endToken": 515, "splitting": "clip", "readsSpecialTokens": false, "merges": ["h e", "he y</w>"]}
    """

  @Test func theDocumentIsReadAsWritten() throws {
    let tokenizer = try read(Self.valid)
    #expect(tokenizer.encode("hey", contextLength: 4) == [514, 513, 515, 0])
  }

  @Test(arguments: [
    ("byte-pair tokenizer", "sentencepiece", "format"),
    ("\"version\": 1", "\"version\": 2", "version"),
    ("516", "517", "vocabularySize"), ("\"startToken\": 514", "\"startToken\": 0", "startToken"),
    ("\"endToken\": 515", "\"endToken\": 514", "endToken"), ("\"clip\"", "\"words\"", "splitting"),
    ("\"he y</w>\"", "\"ho y</w>\"", "merge 1"), ("\"he y</w>\"", "\"h e\"", "merge 1"),
    ("\"he y</w>\"", "7", "merges"), ("\"readsSpecialTokens\": false, ", "", "readsSpecialTokens"),
    ("]}", "]", "JSON"), (valid, "", "JSON"), (valid, "[]", "tokenizer.json"),
  ])
  func aDocumentThatBreaksARuleIsRefused(part: String, wrong: String, named: String) {
    #expect {
      try read(Self.valid.replacing(part, with: wrong))
    } throws: { error in
      guard case .tokenizer? = error as? WordsError else { return false }
      return "\(error)".contains(named)
    }
  }

  private func read(_ text: String) throws -> BytePairTokenizer {
    try Files.withFolder { folder in
      let path = folder + "tokenizer.json"
      try text.write(toFile: path, atomically: true, encoding: .utf8)
      return try BytePairTokenizer(contentsOf: path)
    }
  }
}
