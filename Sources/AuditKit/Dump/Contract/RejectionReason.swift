/// Why something in a crawl did not become a pair.
///
/// The raw values are codes: they stand in reports and exports, and do not change.
public enum RejectionReason: String, Sendable, Hashable, Codable, CaseIterable {
  // Captions
  /// An image without any caption.
  case missingCaption
  /// A caption of nothing but white space.
  case emptyCaption
  /// A caption whose bytes are not UTF-8.
  case captionNotUTF8
  /// A caption that holds NUL bytes: binary data, or UTF-16.
  case captionNotText
  /// A caption above the size limit.
  case captionTooLong
  /// A JSON member that is not JSON or not an object.
  case malformedJSON

  // Images
  /// A caption without any image, or with one that is not there.
  case missingImage
  /// An image of no bytes.
  case emptyImage
  /// An image path that names a folder, a socket, a device.
  case notAFile
  /// A file, or part of one, that cannot be read.
  case unreadableFile
  /// A file that was written to while it was read.
  case changedFile

  // Names
  /// A key, or a row, that the crawl has already.
  case duplicateKey
  /// A path that leaves the crawl's folder, by itself or through a symbolic link.
  case pathOutsideCrawl
  /// A name that is not UTF-8 or holds NUL bytes.
  case invalidName

  // Containers
  /// An archive that ends too early.
  case truncatedArchive
  /// Bytes in an archive that are not a member.
  case corruptArchive
  /// A member of a kind that holds no bytes of its own: a link, a device, a sparse file.
  case unsupportedMember
  /// A row with too few or too many columns, or with wrong quotes.
  case malformedRow
  /// Files of another format than the one that the crawl is read in: one finding for all of a kind.
  case otherFormat

  // Found when an image is decoded, after the reading of the crawl
  /// Bytes of no known image format.
  case notAnImage
  /// An image of a known format that is not decoded here.
  case unsupportedImage
  /// An image that is damaged.
  case corruptImage
  /// An image that ends too early.
  case truncatedImage
  /// An image above the limit of pixels or bytes.
  case imageTooLarge
}

extension RejectionReason {
  /// The reasons that come from decoding and not from a reader.
  public static let whileDecoding: Set<Self> = [
    .notAnImage, .unsupportedImage, .corruptImage, .truncatedImage, .imageTooLarge,
  ]
}
