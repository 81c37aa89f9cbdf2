import AuditWords
import Foundation
import Testing

struct WordsConfigurationTests {
  private func decode<Configuration: Decodable>(
    _ type: Configuration.Type, _ json: String
  ) throws -> Configuration {
    try JSONDecoder().decode(type, from: Data(json.utf8))
  }

  @Test func missingSettingsKeepTheirDefaults() throws {
    #expect(try decode(TokenizerConfiguration.self, "{}") == TokenizerConfiguration())
    #expect(try decode(TextAugmentationConfiguration.self, "{}") == TextAugmentationConfiguration())
    var tokenizer = TokenizerConfiguration()
    tokenizer.vocabularySize = 1_000
    #expect(try decode(TokenizerConfiguration.self, #"{"vocabularySize": 1000}"#) == tokenizer)
    var augmentation = TextAugmentationConfiguration()
    augmentation.randomSwapShare = 0
    #expect(
      try decode(TextAugmentationConfiguration.self, #"{"randomSwapShare": 0}"#) == augmentation)
  }

  @Test func settingsComeBackFromJSON() throws {
    let tokenizer = TokenizerConfiguration(
      mergesPath: "m.txt", vocabularySize: 600, minimumPairCount: 5, wordSplitting: .clip)
    let augmentation = TextAugmentationConfiguration(
      synonymReplacementShare: 0.25, randomInsertionShare: 0, randomSwapShare: 1,
      randomDeletionShare: 0.5, wordNetFolder: "/opt/wordnet")
    #expect(
      try JSONDecoder().decode(
        TokenizerConfiguration.self, from: JSONEncoder().encode(tokenizer)) == tokenizer)
    #expect(
      try JSONDecoder().decode(
        TextAugmentationConfiguration.self, from: JSONEncoder().encode(augmentation))
        == augmentation)
  }

  @Test(arguments: [
    (#"{"vocabularysize": 600}"#, "vocabularySize"), (#"{"minPairCount": 2}"#, "minimumPairCount"),
    (#"{"wordSplit": "clip"}"#, "wordSplitting"),
  ])
  func anUnknownSettingIsRefusedWithTheNearestName(json: String, nearest: String) {
    #expect {
      try decode(TokenizerConfiguration.self, json)
    } throws: { error in
      "\(error)".contains("did you mean '\(nearest)'?")
    }
  }

  @Test(arguments: [
    #"{"vocabularySize": 513}"#, #"{"vocabularySize": 1048577}"#, #"{"minimumPairCount": 0}"#,
    #"{"wordSplitting": "bytes"}"#, #"{"vocabularySize": "many"}"#,
  ])
  func aTokenizerSettingOutsideItsRangeIsRefused(json: String) {
    #expect(throws: (any Error).self) { try decode(TokenizerConfiguration.self, json) }
  }

  @Test(arguments: [
    "synonymReplacementShare", "randomInsertionShare", "randomSwapShare", "randomDeletionShare",
  ])
  func anAugmentationShareLiesBetweenZeroAndOne(name: String) {
    for value in ["-0.01", "1.01"] {
      #expect {
        try decode(TextAugmentationConfiguration.self, #"{"\#(name)": \#(value)}"#)
      } throws: { error in
        "\(error)".contains("The setting \(name) is \(value), but must be between 0 and 1.")
      }
    }
  }

  @Test func theVocabularyGrowsWithTheCubeRootOfTheCrawl() {
    let sizes = [0, 1, 8_121, 20_000, 44_072, 1_000_000, 10_000_000, .max]
      .map { TokenizerConfiguration.vocabularySize(captions: $0) }
    #expect(sizes == [4_096, 4_096, 4_096, 4_096, 5_120, 14_848, 32_256, 32_768])
  }
}
