import CPixels
import Foundation

/// Why an image could not be decoded.
///
/// A finding about one pair, never the end of a scan.
public enum PixelError: Error, Hashable, Sendable {
  /// No bytes at all.
  case empty
  /// Bytes of no known image format; says what they look like.
  case notAnImage(String)
  /// An image of a format, or a variant of one, that is not decoded here.
  case unsupported(ImageKind, String)
  /// The bytes end before the image does.
  case truncated(ImageKind, String)
  /// The bytes contradict the format.
  case corrupt(ImageKind, String)
  /// More pixels, bytes or memory than allowed.
  case tooLarge(String)

  /// The code that stands in reports and exports and does not change.
  public enum Reason: String, Codable, CaseIterable, Sendable {
    /// No bytes.
    case emptyImage
    /// Bytes of no known image format.
    case notAnImage
    /// A format or variant that is not decoded.
    case unsupportedImage
    /// The end is missing.
    case truncatedImage
    /// Damaged.
    case corruptImage
    /// Above the limits.
    case imageTooLarge
  }

  /// The code of this error.
  public var reason: Reason {
    switch self {
    case .empty: .emptyImage
    case .notAnImage: .notAnImage
    case .unsupported: .unsupportedImage
    case .truncated: .truncatedImage
    case .corrupt: .corruptImage
    case .tooLarge: .imageTooLarge
    }
  }
}

extension PixelError: CustomStringConvertible, LocalizedError {
  /// What was wrong, and what to do where something can be done.
  public var description: String {
    switch self {
    case .empty: "the image has no bytes"
    case .notAnImage(let what): "not an image: \(what)"
    case .unsupported(let kind, let detail): "\(kind.name) is not decoded here: \(detail)"
    case .truncated(let kind, let detail): "truncated \(kind.name): \(detail)"
    case .corrupt(let kind, let detail): "corrupt \(kind.name): \(detail)"
    case .tooLarge(let detail): "the image is too large: \(detail)"
    }
  }

  /// The same as ``description``.
  public var errorDescription: String? { description }
}

extension PixelError {
  /// What the C side reports.
  init(_ failure: pixels_failure, kind: ImageKind) {
    let message = withUnsafeBytes(of: failure.message) { bytes in
      String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
    switch failure.status {
    case PIXELS_TRUNCATED: self = .truncated(kind, message)
    case PIXELS_TOO_LARGE: self = .tooLarge(message)
    case PIXELS_UNSUPPORTED: self = .unsupported(kind, message)
    default: self = .corrupt(kind, message)
    }
  }
}
