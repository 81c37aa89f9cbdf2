extension BytePairTokenizer {
  /// The tokenizer that the settings ask for: from a merges file, or trained on captions.
  ///
  /// `captions` is called once, and only if there is something to train; it hands every caption to
  /// its argument.
  ///
  /// - Throws: `WordsError`, and what `captions` throws.
  package init(
    _ configuration: TokenizerConfiguration,
    captions: ((_ caption: String) -> Void) throws -> Void
  ) throws {
    try configuration.validate()
    if let path = configuration.mergesPath {
      try self.init(clipMerges: path)
      return
    }
    var trainer = BytePairTrainer(splitting: configuration.wordSplitting)
    try captions { trainer.add($0) }
    self = try trainer.train(
      vocabularySize: configuration.vocabularySize,
      minimumPairCount: configuration.minimumPairCount)
  }
}
