import AuditWords

extension Setting {
  /// Of thumbnails and image augmentation.
  static let imageHelp: [Help] = []

  /// Of captions: augmentation and vocabulary.
  static let textHelp: [Help] = [
    (
      "tokenizer.mergesPath", .optional(.text),
      "A merges file in CLIP's format (.txt or .txt.gz); without one, trained on the crawl."
    ),
    (
      "tokenizer.vocabularySize",
      .optional(
        .whole(
          least: Int64(TokenizerConfiguration.vocabularySizes.lowerBound),
          most: Int64(TokenizerConfiguration.vocabularySizes.upperBound))),
      "Tokens of a vocabulary trained on the crawl; without a value it follows the crawl's size."
    ),
    (
      "tokenizer.minimumPairCount", .whole(least: 1),
      "Two tokens are merged only if they stand together at least this often."
    ),
    (
      "tokenizer.wordSplitting", .choice(["marksInWords", "clip"]),
      "How words are cut: marksInWords serves every script, clip is open_clip's own way."
    ),
  ]
}
