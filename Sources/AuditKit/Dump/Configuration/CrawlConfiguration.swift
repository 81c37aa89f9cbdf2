import AuditSettings

/// How a crawl is read: the same names stand in the JSON configuration and on the command line.
public struct CrawlConfiguration: Codable, Sendable, Equatable {
  /// Lists: the column or field that holds the image's path; nil takes the first of the names that are in use
  /// (`filepath`, `file_name`, `image` and others, docs/formats.md).
  public var imageKey: String?
  /// Lists, and `.json` files beside images: the column or field that holds the caption, also where a `.txt` lies there;
  /// nil takes the first of the names that are in use (`caption`, `title`, `text` and others) that has some text.
  public var captionKey: String?
  /// Delimited lists: `tab`, `comma`, `semicolon` or `pipe`; `automatic` tells it from the header.
  public var separator = Separator.automatic
  /// Lists: the folder that relative paths start from and that no path may leave; nil takes the list's own folder.
  ///
  /// Image folders: the folder that links to files may not leave; nil takes the crawl itself.
  public var imageRoot: String?
  /// COCO captions: which of an image's captions become pairs.
  public var captionChoice = CaptionChoice.all
  /// COCO captions: decides which caption is the random one.
  public var captionSeed: UInt64 = 0
  /// Captions above this size are rejected.
  public var maximumCaptionBytes = 1 << 20
  /// Images above this size are rejected when they are read.
  public var maximumImageBytes = 1 << 28
  /// What a compressed shard or list unpacks to beyond this is not read.
  public var maximumUnpackedBytes: Int64 = 1 << 36
  /// COCO captions: a file that has more bytes than this, unpacked, is not read, since it is held whole.
  public var maximumDocumentBytes: Int64 = 1 << 28

  /// The defaults.
  public init() {}

  /// Which of an image's captions become pairs.
  public enum CaptionChoice: String, Codable, Sendable, CaseIterable {
    /// Each is a pair of its own.
    case all
    /// The one that the file has first.
    case first
    /// One, drawn by the seed and the image's name.
    case random
  }

  /// What stands between two columns.
  public enum Separator: String, Codable, Sendable, CaseIterable {
    /// Told from the header: the one that yields both columns.
    case automatic
    /// U+0009; quotes mean little then (docs/formats.md).
    case tab
    /// `,`
    case comma
    /// `;`
    case semicolon
    /// `|`
    case pipe
  }
}

extension CrawlConfiguration {
  /// Takes defaults for missing keys.
  ///
  /// - Throws: `DecodingError` for a wrong type, and for an unknown key with the nearest known one.
  public init(from decoder: any Decoder) throws {
    self.init()
    let values = try SettingsReader(decoder, CodingKeys.self)
    try values.read(.imageKey, into: &imageKey)
    try values.read(.captionKey, into: &captionKey)
    try values.read(.separator, into: &separator)
    try values.read(.imageRoot, into: &imageRoot)
    try values.read(.captionChoice, into: &captionChoice)
    try values.read(.captionSeed, into: &captionSeed)
    try values.read(.maximumCaptionBytes, into: &maximumCaptionBytes)
    try values.read(.maximumImageBytes, into: &maximumImageBytes)
    try values.read(.maximumUnpackedBytes, into: &maximumUnpackedBytes)
    try values.read(.maximumDocumentBytes, into: &maximumDocumentBytes)
  }

  enum CodingKeys: String, CodingKey, CaseIterable {
    case imageKey, captionKey, separator, imageRoot, captionChoice, captionSeed
    case maximumCaptionBytes, maximumImageBytes, maximumUnpackedBytes, maximumDocumentBytes
  }

  /// Refuses values that cannot work.
  ///
  /// - Throws: `DumpError.invalidSetting`.
  public func validate() throws(DumpError) {
    let limits = [
      ("maximumCaptionBytes", maximumCaptionBytes), ("maximumImageBytes", maximumImageBytes),
      ("maximumUnpackedBytes", Int(maximumUnpackedBytes)),
      ("maximumDocumentBytes", Int(maximumDocumentBytes)),
    ]
    for (name, value) in limits where value < 1 || value > 1 << 40 {
      throw .invalidSetting(
        name: name, value: String(value), expected: "a number of bytes from 1 to 2^40")
    }
    if let captionKey, captionKey == imageKey {
      throw .invalidSetting(
        name: "captionKey", value: captionKey, expected: "another name than imageKey")
    }
  }

  /// A longer record of a list is not looked into.
  ///
  /// In JSON, a letter of a caption takes at most six bytes. Captions that are well above their limit are to be found, too,
  /// so that they are told from records that are broken.
  var maximumRecordBytes: Int { max(6 * maximumCaptionBytes + (1 << 16), 1 << 25) }

  /// Names of an image's path, the first that is there counts.
  var imageNames: [String] { FieldNames.names(imageKey, else: FieldNames.image) }

  /// Names of a caption, the first that is there counts.
  var captionNames: [String] { FieldNames.names(captionKey, else: FieldNames.caption) }
}
