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

  /// Describes one pair.
  public init(
    key: String, caption: String, sourcePath: String, sourceMember: String? = nil,
    sourceOffset: Int64 = 0, sourceLength: Int64? = nil, imageWidth: Int? = nil,
    imageHeight: Int? = nil, imageSHA256: [UInt8]? = nil
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
  }

  /// The image's place in words: "folder/file.png", or "shard.tar!member.jpg".
  public var source: String {
    sourceMember.map { "\(sourcePath)!\($0)" } ?? sourcePath
  }
}
