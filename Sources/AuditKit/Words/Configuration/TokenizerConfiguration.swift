import AuditSettings

/// Which tokenizer a model gets, and how it is trained.
public struct TokenizerConfiguration: Codable, Sendable, Equatable {
  /// A merges file in CLIP's format (`.txt` or `.txt.gz`) to use as it is.
  ///
  /// Default: nil, which trains on the crawl's own captions.
  public var mergesPath: String?
  /// Number of tokens of a trained vocabulary, at least 514.
  ///
  /// Default: nil, which follows the size of the crawl (`vocabularySize(captions:)`).
  public var vocabularySize: Int?
  /// How often two tokens have to stand together to be merged.
  ///
  /// Default: 2.
  public var minimumPairCount: Int
  /// How a trained tokenizer cuts words.
  ///
  /// Default: `marksInWords`, which serves every script; `clip` where the model has to work with open_clip's tokenizer on text with combining marks.
  public var wordSplitting: WordSplitting

  /// The defaults, but for what is given.
  public init(
    mergesPath: String? = nil, vocabularySize: Int? = nil, minimumPairCount: Int = 2,
    wordSplitting: WordSplitting = .marksInWords
  ) {
    self.mergesPath = mergesPath
    self.vocabularySize = vocabularySize
    self.minimumPairCount = minimumPairCount
    self.wordSplitting = wordSplitting
  }

  /// The names in JSON and on the command line.
  public enum CodingKeys: String, CodingKey, CaseIterable {
    case mergesPath, vocabularySize, minimumPairCount, wordSplitting
  }

  /// Reads settings; what is missing keeps its default.
  ///
  /// - Throws: `DecodingError` for a wrong type, and for an unknown key, naming the nearest known one;
  ///   `WordsError.setting` for a value outside its range.
  public init(from decoder: any Decoder) throws {
    self.init()
    let values = try SettingsReader(decoder, CodingKeys.self)
    try values.read(.mergesPath, into: &mergesPath)
    try values.read(.vocabularySize, into: &vocabularySize)
    try values.read(.minimumPairCount, into: &minimumPairCount)
    try values.read(.wordSplitting, into: &wordSplitting)
    try validate()
  }

  /// Throws `WordsError.setting` for a value outside its range.
  public func validate() throws(WordsError) {
    if let vocabularySize, !Self.vocabularySizes.contains(vocabularySize) {
      throw .setting(
        name: "vocabularySize", value: "\(vocabularySize)",
        allowed: "between \(Self.vocabularySizes.lowerBound) (bytes only) and "
          + "\(Self.vocabularySizes.upperBound)")
    }
    if minimumPairCount < 1 {
      throw .setting(
        name: "minimumPairCount", value: "\(minimumPairCount)", allowed: "at least 1")
    }
  }

  /// The vocabulary sizes that can be asked for.
  public static let vocabularySizes = 514...1_048_576

  /// The vocabulary size for a crawl: 4096 up to 20 thousand captions, then growing with the cube
  /// root of their number, in steps of 512, up to 32 768.
  ///
  /// The number of distinct words grows with about the square root of the text (Heaps' law), but each
  /// token has to be seen often to be learnt, and costs an optimiser step as wide as the text tower.
  /// So: 4096 at 10 k captions, 5120 at 44 k, 14 848 at 1 M, 32 256 at 10 M.
  public static func vocabularySize(captions: Int) -> Int {
    var size = 4_096
    // In whole numbers, so that the rounding of a cube root decides nothing.
    let captions = min(max(captions, 0), 1 << 40)
    while size < 32_768, cube((size + 512) / 512) * 20_000 <= 512 * captions { size += 512 }
    return size
  }

  private static func cube(_ number: Int) -> Int { number * number * number }
}
