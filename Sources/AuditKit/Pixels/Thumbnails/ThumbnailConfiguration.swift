import AuditSettings

/// How an image becomes a square.
public enum ThumbnailFit: String, Codable, Sendable, CaseIterable {
  /// The shorter edge is made to fit, and the middle square is kept, as CLIP does. What lies at the
  /// ends of a long image is lost, a trigger there included.
  case crop
  /// The whole image is squeezed into the square: nothing is lost, shapes are distorted.
  case squash
}

/// The thumbnails that training and scoring see.
public struct ThumbnailConfiguration: Codable, Sendable, Hashable {
  /// Edge of the square in pixels, at least the image tower's; default 64.
  public var edgePixels = 64
  /// How an image becomes a square; default `crop`.
  public var fit = ThumbnailFit.crop

  /// The defaults.
  public init() {}

  /// Other values than the defaults.
  public init(edgePixels: Int, fit: ThumbnailFit = .crop) {
    precondition(edgePixels > 0, "thumbnails of \(edgePixels) pixels")
    self.edgePixels = edgePixels
    self.fit = fit
  }
}

extension ThumbnailConfiguration {
  /// Rises with every change to decoding or resizing that changes pixels: caches of other versions
  /// are not read.
  package static let version = 1

  /// Bytes of a thumbnail, `[edge, edge, 3]`.
  package var byteCount: Int { edgePixels * edgePixels * 3 }

  /// The name of the cache of such thumbnails: `crop-64-v1`.
  package var cacheName: String { "\(fit.rawValue)-\(edgePixels)-v\(Self.version)" }

  /// Takes defaults for missing keys.
  ///
  /// - Throws: `DecodingError` for a wrong type, an edge outside 1...4096, and for an unknown key,
  ///   naming the nearest known one.
  public init(from decoder: any Decoder) throws {
    self.init()
    let values = try SettingsReader(decoder, CodingKeys.self)
    try values.read(.edgePixels, into: &edgePixels, 1...4096)
    try values.read(.fit, into: &fit)
  }

  enum CodingKeys: String, CodingKey, CaseIterable {
    case edgePixels, fit
  }
}
