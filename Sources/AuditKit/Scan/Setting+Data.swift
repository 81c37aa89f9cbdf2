import AuditDump
import AuditPixels
import AuditWords

extension Setting {
  /// Of reading.
  static let crawlHelp: [Help] = [
    (
      "crawl.imageKey", .optional(.text),
      "Lists: the column or field with the image's path; else one of the names that are in use."
    ),
    (
      "crawl.captionKey", .optional(.text),
      "Lists, .json files: the column or field with the caption; else one of the names in use."
    ),
    (
      "crawl.separator", .choice(CrawlConfiguration.Separator.allCases.map(\.rawValue)),
      "Tables: what stands between two columns; automatic tells it from the header."
    ),
    (
      "crawl.imageRoot", .optional(.text),
      "Lists: the folder that paths start from and may not leave; else the list's own. Image folders: where links may lead."
    ),
    (
      "crawl.captionChoice", .choice(CrawlConfiguration.CaptionChoice.allCases.map(\.rawValue)),
      "COCO captions: which of an image's captions become pairs."
    ),
    (
      "crawl.captionSeed", .whole(least: 0, most: .max),
      "COCO captions: decides which caption is the random one."
    ),
    (
      "crawl.maximumCaptionBytes", .whole(least: 1, most: 1 << 40),
      "Captions above this size, in bytes, are rejected."
    ),
    (
      "crawl.maximumImageBytes", .whole(least: 1, most: 1 << 40),
      "Images above this size, in bytes, are rejected."
    ),
    (
      "crawl.maximumUnpackedBytes", .whole(least: 1, most: 1 << 40),
      "What a compressed shard or list unpacks to beyond this size, in bytes, is not read."
    ),
    (
      "crawl.maximumDocumentBytes", .whole(least: 1, most: 1 << 40),
      "COCO captions: a file above this size, in bytes, unpacked, is refused: it is held whole."
    ),
  ]

  /// Of thumbnails and of SimCLR's augmentation.
  static let imageHelp: [Help] = [
    (
      "thumbnails.edgePixels", .whole(least: 1, most: 4096),
      "Edge of the cached thumbnails in pixels; without a value of yours, the model's own."
    ),
    (
      "thumbnails.fit", .choice(ThumbnailFit.allCases.map(\.rawValue)),
      "crop keeps the middle square, squash squeezes the whole image into it."
    ),
    (
      "imageAugmentation.cropScaleMinimum", .number(least: 0.001, most: 1),
      "Smallest share of the thumbnail's area that a random crop keeps."
    ),
    (
      "imageAugmentation.cropScaleMaximum", .number(least: 0.001, most: 1),
      "Largest share of the thumbnail's area that a random crop keeps."
    ),
    (
      "imageAugmentation.cropRatioMinimum", .number(least: 0.1, most: 10),
      "Smallest ratio of a crop's width to its height."
    ),
    (
      "imageAugmentation.cropRatioMaximum", .number(least: 0.1, most: 10),
      "Largest ratio of a crop's width to its height."
    ),
    (
      "imageAugmentation.flipProbability", .number(most: 1), "How often a view is mirrored."
    ),
    (
      "imageAugmentation.jitterProbability", .number(most: 1),
      "How often brightness, contrast, saturation and hue change."
    ),
    (
      "imageAugmentation.brightness", .number(most: 10),
      "Brightness is multiplied by a factor between 1 - this and 1 + this."
    ),
    (
      "imageAugmentation.contrast", .number(most: 10),
      "Contrast is multiplied by a factor between 1 - this and 1 + this."
    ),
    (
      "imageAugmentation.saturation", .number(most: 10),
      "Saturation is multiplied by a factor between 1 - this and 1 + this."
    ),
    (
      "imageAugmentation.hue", .number(most: 0.5),
      "Hue turns by up to this share of a full circle to either side."
    ),
    (
      "imageAugmentation.greyscaleProbability", .number(most: 1),
      "How often a view loses its colours."
    ),
    ("imageAugmentation.blurProbability", .number(most: 1), "How often a view is blurred."),
    (
      "imageAugmentation.blurKernelFraction", .number(most: 0.5),
      "Width of the blur's kernel as a share of the view's edge, at least 3 pixels."
    ),
    (
      "imageAugmentation.blurSigmaMinimum", .number(least: 0.01, most: 100),
      "Smallest standard deviation of the blur in pixels."
    ),
    (
      "imageAugmentation.blurSigmaMaximum", .number(least: 0.01, most: 100),
      "Largest standard deviation of the blur in pixels."
    ),
    (
      "imageAugmentation.patternProbability", .number(most: 1),
      "How often cells of random colours are mixed into a view; unless set 0 in other methods than safeclip."
    ),
    (
      "imageAugmentation.patternOpacityMaximum", .number(most: 1),
      "Largest part of a pixel that is the pattern's."
    ),
    (
      "imageAugmentation.patternCellsMinimum", .whole(least: 1, most: 256),
      "Fewest cells of a pattern along an edge."
    ),
    (
      "imageAugmentation.patternCellsMaximum", .whole(least: 1, most: 256),
      "Most cells of a pattern along an edge."
    ),
    (
      "imageAugmentation.patchProbability", .number(most: 1),
      "How often a rectangle of random colours covers a part of a view; unless set 0 in other methods than safeclip."
    ),
    (
      "imageAugmentation.patchEdgeMinimum", .number(least: 0.001, most: 1),
      "Shortest edge of such a rectangle as a share of the view's."
    ),
    (
      "imageAugmentation.patchEdgeMaximum", .number(least: 0.001, most: 1),
      "Longest edge of such a rectangle as a share of the view's."
    ),
    (
      "imageAugmentation.patchCellsMaximum", .whole(least: 1, most: 256),
      "Most cells of such a rectangle along an edge."
    ),
  ]

  /// Of captions: EDA's augmentation and the vocabulary.
  static let textHelp: [Help] = [
    (
      "textAugmentation.synonymReplacementShare", .number(most: 1),
      "Part of a caption's words that are replaced by synonyms; 0 leaves this operation out."
    ),
    (
      "textAugmentation.randomInsertionShare", .number(most: 1),
      "Synonyms inserted, as a part of the words; 0 leaves this operation out."
    ),
    (
      "textAugmentation.randomSwapShare", .number(most: 1),
      "Swaps of two words, as a part of the words; 0 leaves this operation out."
    ),
    (
      "textAugmentation.randomDeletionShare", .number(most: 1),
      "Probability that a word is left out; 0 leaves this operation out."
    ),
    (
      "textAugmentation.wordNetFolder", .text,
      "The folder of WordNet's files; without them, synonyms are left out with a warning."
    ),
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
