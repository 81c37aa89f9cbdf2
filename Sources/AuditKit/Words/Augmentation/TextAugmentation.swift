import NeuralKit

/// Varies captions: easy data augmentation (Wei and Zou, 2019, doi:10.18653/v1/D19-1670).
///
/// Words are what stands between white space, in any script, and none loses a letter. A caption gets
/// one of four operations, drawn at random among those that can change it; a caption of one word
/// without synonyms stays as it is. Without WordNet, replacement is not drawn, and insertion repeats
/// words of the caption.
package struct TextAugmentation: Sendable {
  /// The operations, by their names in the paper.
  package enum Operation: String, CaseIterable, Sendable {
    case synonymReplacement, randomInsertion, randomSwap, randomDeletion
  }

  package let configuration: TextAugmentationConfiguration
  let synonyms: SynonymCache?

  /// An augmentation with the synonyms of `wordNet`; nil does without.
  package init(_ configuration: TextAugmentationConfiguration = .init(), wordNet: WordNet?) {
    self.configuration = configuration
    synonyms = wordNet.map(SynonymCache.init)
  }

  /// An augmentation with the WordNet of the settings, or without one after telling `warn`.
  package init(_ configuration: TextAugmentationConfiguration, warn: (String) -> Void) {
    self.init(
      configuration,
      wordNet: WordNet.installed(folder: configuration.wordNetFolder, warn: warn))
  }

  /// A variant of the caption, its words with one space between them.
  ///
  /// The same caption and generator give the same variant. Cost: linear in the caption's length.
  package func apply(_ caption: String, using generator: inout SeededGenerator) -> String {
    let words = Self.words(of: caption)
    var operations = Operation.allCases.filter { share(of: $0) > 0 }
    while !words.isEmpty, !operations.isEmpty {
      let operation = operations.remove(at: generator.index(below: operations.count))
      if let changed = apply(operation, to: words, using: &generator) {
        return changed.joined(separator: " ")
      }
    }
    return caption
  }

  /// What stands between white space.
  package static func words(of caption: String) -> [Substring] {
    caption.unicodeScalars.split { scalar in
      switch scalar.value {
      case 0x20, 0x09...0x0D: true
      case ..<0x80: false
      default: scalar.properties.isWhitespace
      }
    }.map { Substring($0) }
  }

  /// The words after one operation; nil if it cannot change them.
  package func apply(
    _ operation: Operation, to words: [Substring], using generator: inout SeededGenerator
  ) -> [Substring]? {
    if words.isEmpty { return nil }
    // The paper's n = max(1, alpha · l).
    let count = max(1, Int(share(of: operation) * Float(words.count)))
    return switch operation {
    case .synonymReplacement: replacingSynonyms(words, count, &generator)
    case .randomInsertion: inserting(words, count, &generator)
    case .randomSwap: swapping(words, count, &generator)
    case .randomDeletion: deleting(words, &generator)
    }
  }

  private func share(of operation: Operation) -> Float {
    switch operation {
    case .synonymReplacement: synonyms == nil ? 0 : configuration.synonymReplacementShare
    case .randomInsertion: configuration.randomInsertionShare
    case .randomSwap: configuration.randomSwapShare
    case .randomDeletion: configuration.randomDeletionShare
    }
  }
}
