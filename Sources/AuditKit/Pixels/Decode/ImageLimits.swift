import AuditSettings

/// What decoding one image may cost, against files that are small and unpack to more than the machine
/// has.
public struct ImageLimits: Codable, Sendable, Equatable {
  /// Encoded bytes.
  ///
  /// Default 256 MiB.
  public var maximumFileBytes = 1 << 28
  /// Pixels as stored, before any reduction; bounds the time.
  ///
  /// Default 1 000 million, some ten seconds: the largest clip art of Debian's openclipart has 623
  /// million.
  public var maximumPixels = 1_000_000_000
  /// Bytes that decoding may hold at a time; bounds the memory of each decoding thread.
  ///
  /// Only progressive JPEG, interlaced PNG, large WebP and decoding at full size come near. Not
  /// counted: libwebp's tables of codes for a lossless image, 1.4 GB at most. Default 512 MiB.
  public var maximumMemoryBytes = 1 << 29

  /// The defaults.
  public init() {}
}

extension ImageLimits {
  /// Takes defaults for missing keys.
  ///
  /// - Throws: `DecodingError` for a wrong type, a value below 1, and for an unknown key, naming the
  ///   nearest known one.
  public init(from decoder: any Decoder) throws {
    self.init()
    let values = try SettingsReader(decoder, CodingKeys.self)
    try values.read(.maximumFileBytes, into: &maximumFileBytes, 1...Int.max)
    try values.read(.maximumPixels, into: &maximumPixels, 1...Int.max)
    try values.read(.maximumMemoryBytes, into: &maximumMemoryBytes, 1...Int.max)
  }

  enum CodingKeys: String, CodingKey, CaseIterable {
    case maximumFileBytes, maximumPixels, maximumMemoryBytes
  }
}
