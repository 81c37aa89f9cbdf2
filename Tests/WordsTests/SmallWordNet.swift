import AuditWords
import Foundation

/// A WordNet of a few words in WordNet's own file formats, so that tests need no installed one.
struct SmallWordNet {
  /// The synsets of each part of speech, as they stand in its data file.
  var synsets: [(part: String, words: [String])] = [
    ("noun", ["dog", "domestic_dog", "Canis_familiaris"]),
    ("noun", ["cad", "bounder", "dog"]),
    ("noun", ["man", "adult_male"]),
    ("noun", ["bus", "coach"]),
    ("noun", ["church"]),
    ("noun", ["glass", "drinking_glass"]),
    ("verb", ["chase", "dog", "tail"]),
    ("verb", ["run", "scat"]),
    ("verb", ["make", "create"]),
    ("adj", ["big", "large"]),
    ("adj", ["galore(ip)", "abounding"]),
    ("adj", ["good", "full"]),
    ("adv", ["quickly", "rapidly"]),
    ("adv", ["well", "good"]),
  ]
  /// The lists of exceptions.
  var exceptions = [
    "noun": ["men man"], "verb": ["ran run", "running run"],
    "adj": ["better good", "better big", "bigger big"], "adv": ["better well"],
  ]

  private static let licence = (1...29).map { "  \($0) This is no licence.  \n" }.joined()

  /// Writes the files of a WordNet folder.
  func write(to folder: String) throws {
    for part in ["noun", "verb", "adj", "adv"] {
      var data = Self.licence
      var offsets: [String: [Int]] = [:]
      for (_, words) in synsets.filter({ $0.part == part }) {
        let offset = data.utf8.count
        let members = words.map { "\($0) 0" }.joined(separator: " ")
        data += "\(padded(offset, 8, 10)) 03 n \(padded(words.count, 2, 16)) \(members) 001 "
        data += "@ 00001740 n 0000 | a gloss; \"with a quotation\"  \n"
        for word in words {
          offsets[String(word.prefix { $0 != "(" }).lowercased(), default: []].append(offset)
        }
      }
      var index = Self.licence
      for (lemma, found) in offsets.sorted(by: {
        Array($0.key.utf8).lexicographicallyPrecedes($1.key.utf8)
      }) {
        let numbers = found.map { padded($0, 8, 10) }.joined(separator: " ")
        index += "\(lemma) n \(found.count) 2 @ ~ \(found.count) 1 \(numbers)  \n"
      }
      try data.write(toFile: folder + "data.\(part)", atomically: true, encoding: .utf8)
      try index.write(toFile: folder + "index.\(part)", atomically: true, encoding: .utf8)
      try (exceptions[part] ?? []).map { $0 + "\n" }.joined()
        .write(toFile: folder + "\(part).exc", atomically: true, encoding: .utf8)
    }
  }

  private func padded(_ number: Int, _ width: Int, _ radix: Int) -> String {
    let digits = String(number, radix: radix)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }

  /// Opens a small WordNet for as long as the closure runs.
  static func with<Result>(_ body: (WordNet) throws -> Result) throws -> Result {
    try Files.withFolder { folder in
      try SmallWordNet().write(to: folder)
      return try body(WordNet(folder: folder))
    }
  }
}
