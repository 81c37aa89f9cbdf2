import AuditWords
import Foundation
import Testing
import TestSupport

@Suite(.enabled(if: Files.hasClipMerges, Files.clipMergesMissing))
struct GoldenTokenTests {
  struct Case: Decodable {
    let caption: String
    let tokens: [Int32]
  }

  @Test func clipTokensEqualTheGoldenOnes() throws {
    let cases = try JSONDecoder().decode(
      [Case].self, from: Data(contentsOf: Repository.golden("bpe.json")))
    let tokenizer = try BytePairTokenizer(clipMerges: Files.clipMerges)
    var encoder = BytePairEncoder(tokenizer)
    #expect(cases.count == 22)
    // Twice, so that the second round comes from remembered words.
    for _ in 0..<2 {
      for example in cases {
        #expect(
          encoder.encode(example.caption, contextLength: 77) == example.tokens,
          "\(example.caption.debugDescription)")
        #expect(tokenizer.encode(example.caption) == example.tokens)
      }
    }
  }
}
