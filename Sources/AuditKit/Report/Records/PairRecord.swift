/// A pair of the crawl: the image by its place, the caption by its text.
public struct PairRecord: Sendable, Codable, Hashable {
  /// The crawl's name for the pair; not always unique.
  public var key: String
  /// The caption as read.
  public var caption: String
  /// The image's file, or the shard that holds it.
  public var sourcePath: String
  /// The member inside the shard.
  public var sourceMember: String?
  /// Where the image's bytes begin in the file.
  public var sourceOffset: Int64
  /// How many bytes they are; nil for the rest of the file.
  public var sourceLength: Int64?
  /// Width of the image as stored, in pixels, where known.
  public var imageWidth: Int?
  /// Height of the image as stored, in pixels, where known.
  public var imageHeight: Int?
  /// SHA-256 of the image's bytes (32 of them), where known.
  public var imageSHA256: [UInt8]?
  /// The address that the image was fetched from, where the crawl's metadata tell.
  public var url: String?
  /// The crawl's own name for the pair, as in DataComp: 32 lower-case hexadecimal digits.
  public var uid: String?
  /// Width of the image that was fetched, in pixels, where the crawl's metadata tell.
  public var originalWidth: Int?
  /// Height of the image that was fetched, in pixels, where the crawl's metadata tell.
  public var originalHeight: Int?
  /// What the crawl's metadata promise `imageSHA256` to be (32 bytes), where they do.
  public var promisedSHA256: [UInt8]?

  /// Describes one pair.
  ///
  /// The store leaves out what it cannot hold of the last five, which come from the crawl: an uid of another form,
  /// sizes below 1, a digest of another length.
  public init(
    key: String, caption: String, sourcePath: String, sourceMember: String? = nil,
    sourceOffset: Int64 = 0, sourceLength: Int64? = nil, imageWidth: Int? = nil,
    imageHeight: Int? = nil, imageSHA256: [UInt8]? = nil, url: String? = nil, uid: String? = nil,
    originalWidth: Int? = nil, originalHeight: Int? = nil, promisedSHA256: [UInt8]? = nil
  ) {
    self.key = key
    self.caption = caption
    self.sourcePath = sourcePath
    self.sourceMember = sourceMember
    self.sourceOffset = sourceOffset
    self.sourceLength = sourceLength
    self.imageWidth = imageWidth
    self.imageHeight = imageHeight
    self.imageSHA256 = imageSHA256
    self.url = url
    self.uid = uid
    self.originalWidth = originalWidth
    self.originalHeight = originalHeight
    self.promisedSHA256 = promisedSHA256
  }

  /// Whether the image is the one that the crawl's metadata promise; nil where they do not, or it is not known.
  ///
  /// img2dataset takes its `sha256` from what it fetched: an image that it made smaller, or encoded again, is
  /// another one.
  public var sha256Matches: Bool? {
    guard let promisedSHA256, let imageSHA256 else { return nil }
    return promisedSHA256 == imageSHA256
  }

  /// The image's place in words: "folder/file.png", or "shard.tar!member.jpg".
  public var source: String {
    sourceMember.map { "\(sourcePath)!\($0)" } ?? sourcePath
  }
}
