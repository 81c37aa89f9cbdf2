import AuditFiles
import Foundation

/// Where a pair came from before it was in the crawl, as the crawl's own metadata tells.
///
/// An object, not a value, so that a pair without one costs eight bytes: ten million pairs are held.
public final class PairOrigin: Sendable {
  /// The address that the image was fetched from.
  public let url: String?
  /// The pair's identifier: 128 bits, 32 hexadecimal digits in DataComp's metadata.
  public let uid: UInt128?
  /// SHA-256 of the image's bytes as they were fetched: 32 bytes.
  public let sha256: [UInt8]?
  /// Width and height of the image as it was fetched, in pixels.
  public let originalSize: PixelSize?

  /// An image's size in pixels.
  public struct PixelSize: Sendable, Hashable, Codable {
    /// Pixels from left to right.
    public let width: Int32
    /// Pixels from top to bottom.
    public let height: Int32
  }

  /// What is known; nil where nothing is.
  init?(url: String?, uid: UInt128?, sha256: [UInt8]?, originalSize: PixelSize?) {
    guard url != nil || uid != nil || sha256 != nil || originalSize != nil else { return nil }
    self.url = url
    self.uid = uid
    self.sha256 = sha256
    self.originalSize = originalSize
  }

  /// Longer addresses are cut off: they are data URLs, or hostile.
  private static let maximumURLBytes = 2048

  /// What the named fields of a record say; values that make no sense are left out.
  ///
  /// - Parameter field: The text or number of a field, nil where there is none.
  convenience init?(_ field: (String) -> String?) {
    func first(_ names: [String]) -> String? {
      for name in names {
        if let value = field(name), !value.isEmpty { return value }
      }
      return nil
    }
    let url = first(FieldNames.url).flatMap { url in
      url.utf8.count <= Self.maximumURLBytes && !url.utf8.contains(0) ? url : nil
    }
    let sizes = FieldNames.originalSize.map { name in
      field(name).flatMap { Int32($0) }.flatMap { $0 > 0 ? $0 : nil }
    }
    var size: PixelSize?
    if let width = sizes[0], let height = sizes[1] {
      size = PixelSize(width: width, height: height)
    }
    self.init(
      url: url, uid: first(FieldNames.uid).flatMap(Self.uid(_:)),
      sha256: first(FieldNames.sha256).flatMap { text in
        text.utf8.count == 64 ? [UInt8](hexadecimal: text) : nil
      }, originalSize: size)
  }

  /// The number that 32 hexadecimal digits stand for.
  private static func uid(_ text: String) -> UInt128? {
    text.utf8.count == 32 ? UInt128(text, radix: 16) : nil
  }
}

extension PairOrigin {
  /// The host of the address in lower case, without user and port; nil where there is none.
  public var host: String? { url.flatMap(URLHost.host) }

  /// The identifier as metadata have it: 32 lower-case hexadecimal digits.
  package var uidText: String? { uid.map { String($0, radix: 16).zeroPadded(to: 32) } }
}

extension PairOrigin: Hashable {
  /// Whether both say the same.
  public static func == (left: PairOrigin, right: PairOrigin) -> Bool {
    left.url == right.url && left.uid == right.uid && left.sha256 == right.sha256
      && left.originalSize == right.originalSize
  }

  /// Mixes in all that is known.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(url)
    hasher.combine(uid)
    hasher.combine(sha256)
    hasher.combine(originalSize)
  }
}
