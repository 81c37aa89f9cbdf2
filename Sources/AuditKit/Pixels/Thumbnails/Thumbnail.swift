import AuditFiles

/// A cached thumbnail and the image it was made from.
package struct Thumbnail: Hashable, Sendable {
  /// The image file's SHA-256.
  package let digest: ContentDigest
  /// Width of the upright image in full.
  package let originalWidth: Int
  /// Height of the upright image in full.
  package let originalHeight: Int
  /// Where its pixels are in the cache.
  package let index: Int
}
