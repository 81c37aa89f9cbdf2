import AuditSettings

/// How a crawl is read: the same names stand in the JSON configuration and on the command line.
public struct CrawlConfiguration: Codable, Sendable, Equatable {
  /// Caption file: the column that holds the image's path.
  public var filepathColumn = "filepath"
  /// Caption file: the column that holds the caption.
  public var titleColumn = "title"
  /// Caption file: `tab`, `comma`, `semicolon` or `pipe`; `automatic` tells it from the header.
  public var separator = Separator.automatic
  /// Caption file: the folder that relative paths start from and that no path may leave; nil takes
  /// the caption file's own folder.
  public var imageRoot: String?
  /// Webdataset: the field of the `.json` member that holds the caption of a pair without `.txt`.
  public var captionField = "caption"
  /// Captions above this size are rejected.
  public var maximumCaptionBytes = 1 << 20
  /// Images above this size are rejected when they are read.
  public var maximumImageBytes = 1 << 28

  /// The defaults.
  public init() {}

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
    try values.read(.filepathColumn, into: &filepathColumn)
    try values.read(.titleColumn, into: &titleColumn)
    try values.read(.separator, into: &separator)
    try values.read(.imageRoot, into: &imageRoot)
    try values.read(.captionField, into: &captionField)
    try values.read(.maximumCaptionBytes, into: &maximumCaptionBytes)
    try values.read(.maximumImageBytes, into: &maximumImageBytes)
  }

  enum CodingKeys: String, CodingKey, CaseIterable {
    case filepathColumn, titleColumn, separator, imageRoot, captionField
    case maximumCaptionBytes, maximumImageBytes
  }

  /// Refuses values that cannot work.
  ///
  /// - Throws: `DumpError.invalidSetting`.
  public func validate() throws(DumpError) {
    let limits = [
      ("maximumCaptionBytes", maximumCaptionBytes), ("maximumImageBytes", maximumImageBytes),
    ]
    for (name, value) in limits where value < 1 || value > 1 << 40 {
      throw .invalidSetting(
        name: name, value: String(value), expected: "a number of bytes from 1 to 2^40")
    }
    if filepathColumn == titleColumn {
      throw .invalidSetting(
        name: "titleColumn", value: titleColumn, expected: "another column than filepathColumn")
    }
  }
}
