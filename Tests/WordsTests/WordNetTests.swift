import AuditWords
import Foundation
import Testing

struct WordNetTests {
  @Test(arguments: [
    ("dog", ["domestic dog", "Canis familiaris", "cad", "bounder", "chase", "tail"]),
    ("DOG", ["domestic dog", "Canis familiaris", "cad", "bounder", "chase", "tail"]),
    ("dogs", ["domestic dog", "Canis familiaris", "cad", "bounder", "chase", "tail"]),
    ("domestic dog", ["dog", "Canis familiaris"]),
    ("canis familiaris", ["dog", "domestic dog"]),
    ("men", ["adult male"]),
    ("buses", ["coach"]), ("glasses", ["drinking glass"]),
    ("ran", ["scat"]), ("runs", ["scat"]), ("making", ["create"]), ("maked", ["create"]),
    ("large", ["big"]), ("larger", ["big"]), ("bigger", ["large"]),
    ("galore", ["abounding"]), ("abounding", ["galore"]),
    ("quickly", ["rapidly"]),
    // Two lists of exceptions, one of them with two lines for the word.
    ("better", ["full", "large"]),
    ("church", []), ("churches", []), ("zebra", []), ("s", []), ("ing", []), ("", []), (" ", []),
    ("This", []), ("кошка", []), ("a\nb", []),
  ])
  func synonymsAreTheOtherWordsOfAllSenses(word: String, synonyms: [String]) throws {
    try SmallWordNet.with { wordNet in
      #expect(wordNet.synonyms(of: word) == synonyms)
    }
  }

  @Test(arguments: ["index.noun", "data.verb", "adj.exc", "index.adv"])
  func aMissingFileIsNamedWithTheRemedy(name: String) throws {
    try Files.withFolder { folder in
      try SmallWordNet().write(to: folder)
      try FileManager.default.removeItem(atPath: folder + name)
      #expect(throws: WordsError.wordNet(folder: folder, reason: "\(name) cannot be read")) {
        try WordNet(folder: folder)
      }
    }
  }

  @Test func aMissingFolderGivesNothingAndAWarning() {
    var warnings: [String] = []
    #expect(WordNet.installed(folder: "/nowhere", warn: { warnings.append($0) }) == nil)
    #expect(warnings.count == 1)
    #expect(warnings.first?.contains("/nowhere") == true)
    #expect(warnings.first?.contains("apt-get install wordnet-base") == true)
  }

  @Test func damagedFilesGiveFewerSynonymsAndNeverFail() throws {
    try Files.withFolder { folder in
      try SmallWordNet().write(to: folder)
      for name in ["index.noun", "data.noun", "noun.exc"] {
        let whole = try Data(contentsOf: URL(filePath: folder + name))
        for length in stride(from: 0, through: whole.count, by: 13) {
          try whole.prefix(length).write(to: URL(filePath: folder + name))
          let wordNet = try WordNet(folder: folder)
          for word in ["dogs", "men", "glass", "coach"] {
            let known: Set<String> = [
              "domestic dog", "Canis familiaris", "cad", "bounder", "chase", "tail", "adult male",
              "drinking glass", "bus",
            ]
            #expect(known.isSuperset(of: wordNet.synonyms(of: word)), "\(name) at \(length)")
          }
        }
        try whole.write(to: URL(filePath: folder + name))
      }
    }
  }

  @Test(
    .enabled(
      if: FileManager.default.fileExists(
        atPath: TextAugmentationConfiguration.defaultWordNetFolder),
      "Debian's wordnet-base is not installed"))
  func debiansWordNetKnowsItsWords() throws {
    let wordNet = try WordNet()
    #expect(wordNet.synonyms(of: "bicycle") == ["bike", "wheel", "cycle", "pedal"])
    #expect(wordNet.synonyms(of: "women").prefix(2) == ["adult female", "charwoman"])
    #expect(wordNet.synonyms(of: "offer").suffix(3) == ["cancelled", "sour", "turned"])
    // The first and last words of an index.
    #expect(wordNet.synonyms(of: "'hood") == [])
    #expect(wordNet.synonyms(of: "zymurgy") == ["zymology"])
    #expect(wordNet.synonyms(of: "dogs").allSatisfy { $0.lowercased() != "dog" })
  }
}
