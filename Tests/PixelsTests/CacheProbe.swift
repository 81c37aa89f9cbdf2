import AuditFiles
import AuditPixels

/// Thumbnails that are told from their number.
enum CacheProbe {
  static func digest(_ number: Int) -> ContentDigest { ContentDigest(of: Array("\(number)".utf8)) }

  static func bitmap(_ number: Int, edge: Int) -> Bitmap {
    .noise(width: edge, height: edge, seed: UInt64(number))
  }

  @discardableResult static func append(
    _ number: Int, to cache: ThumbnailCache
  ) throws -> Thumbnail {
    try cache.append(
      bitmap(number, edge: cache.configuration.edgePixels), of: digest(number),
      originalWidth: number + 100, originalHeight: number)
  }

  /// Whether the thumbnail is there; one that is there with other pixels is a failure.
  static func isPresent(_ number: Int, in cache: ThumbnailCache) throws -> Bool {
    guard let found = try cache.thumbnail(of: digest(number)) else { return false }
    guard cache.bitmap(at: found.index) == bitmap(number, edge: cache.configuration.edgePixels),
      found.originalWidth == number + 100
    else { throw Wrong(number: number) }
    return true
  }

  struct Wrong: Error { let number: Int }
}
