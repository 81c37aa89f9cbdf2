import AuditSettings

/// How captions are varied (EDA, Wei and Zou, 2019, doi:10.18653/v1/D19-1670).
///
/// Each share is the part of a caption's words that one operation changes, at least one word. An
/// operation whose share is 0 is not used; a view of a caption gets one of the others.
public struct TextAugmentationConfiguration: Codable, Sendable, Equatable {
  /// Part of the words replaced by a synonym.
  ///
  /// Default: 0.1.
  public var synonymReplacementShare: Float
  /// Number of synonyms inserted, as a part of the words.
  ///
  /// Default: 0.1.
  public var randomInsertionShare: Float
  /// Number of swaps of two words, as a part of the words.
  ///
  /// Default: 0.1.
  public var randomSwapShare: Float
  /// Probability that a word is left out.
  ///
  /// Default: 0.1.
  public var randomDeletionShare: Float
  /// The folder of WordNet's files.
  ///
  /// Default: `/usr/share/wordnet`, where Debian's wordnet-base puts them.
  public var wordNetFolder: String

  /// Where Debian's package puts WordNet.
  public static let defaultWordNetFolder = "/usr/share/wordnet"

  /// The defaults, but for what is given.
  public init(
    synonymReplacementShare: Float = 0.1, randomInsertionShare: Float = 0.1,
    randomSwapShare: Float = 0.1, randomDeletionShare: Float = 0.1,
    wordNetFolder: String = TextAugmentationConfiguration.defaultWordNetFolder
  ) {
    self.synonymReplacementShare = synonymReplacementShare
    self.randomInsertionShare = randomInsertionShare
    self.randomSwapShare = randomSwapShare
    self.randomDeletionShare = randomDeletionShare
    self.wordNetFolder = wordNetFolder
  }

  /// The names in JSON and on the command line.
  public enum CodingKeys: String, CodingKey, CaseIterable {
    case synonymReplacementShare, randomInsertionShare, randomSwapShare, randomDeletionShare
    case wordNetFolder
  }

  /// Reads settings; what is missing keeps its default.
  ///
  /// - Throws: `DecodingError` for a wrong type, and for an unknown key, naming the nearest known one;
  ///   `WordsError.setting` for a value outside its range.
  public init(from decoder: any Decoder) throws {
    self.init()
    let values = try SettingsReader(decoder, CodingKeys.self)
    try values.read(.synonymReplacementShare, into: &synonymReplacementShare)
    try values.read(.randomInsertionShare, into: &randomInsertionShare)
    try values.read(.randomSwapShare, into: &randomSwapShare)
    try values.read(.randomDeletionShare, into: &randomDeletionShare)
    try values.read(.wordNetFolder, into: &wordNetFolder)
    try validate()
  }

  /// Throws `WordsError.setting` for a value outside its range.
  public func validate() throws(WordsError) {
    for (key, share) in [
      (CodingKeys.synonymReplacementShare, synonymReplacementShare),
      (.randomInsertionShare, randomInsertionShare), (.randomSwapShare, randomSwapShare),
      (.randomDeletionShare, randomDeletionShare),
    ] where !(0...1).contains(share) {
      throw .setting(name: key.stringValue, value: "\(share)", allowed: "between 0 and 1")
    }
  }
}
