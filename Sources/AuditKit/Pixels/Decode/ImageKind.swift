/// A format told from the first bytes of a file, never from its name.
public enum ImageKind: String, Codable, Sendable, CaseIterable {
  /// Decoded.
  case jpeg, png, webp, gif
  /// Recognised, so that the message can name it.
  case avif, heic, bmp, tiff, icon, jpegXL, jpeg2000, photoshop, svg

  /// The format's usual name.
  public var name: String {
    switch self {
    case .jpeg: "JPEG"
    case .png: "PNG"
    case .webp: "WebP"
    case .gif: "GIF"
    case .avif: "AVIF"
    case .heic: "HEIC"
    case .bmp: "BMP"
    case .tiff: "TIFF"
    case .icon: "Windows icon"
    case .jpegXL: "JPEG XL"
    case .jpeg2000: "JPEG 2000"
    case .photoshop: "Photoshop document"
    case .svg: "SVG"
    }
  }

  /// The format that `bytes` start like; nil for none of these.
  public init?(of bytes: some Collection<UInt8>) {
    let head = Array(bytes.prefix(512))
    for (kind, signature) in ImageKind.signatures where head.starts(with: signature) {
      self = kind
      return
    }
    if ImageKind.isWebP(head) {
      self = .webp
    } else if let brand = ImageKind.containerBrand(of: head) {
      self = brand
    } else if ImageKind.isSVG(head) {
      self = .svg
    } else {
      return nil
    }
  }

  // The longer signatures first where one is a prefix of another.
  private static let signatures: [(ImageKind, [UInt8])] = [
    (.jpeg, [0xFF, 0xD8, 0xFF]),
    (.png, [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]),
    (.gif, Array("GIF87a".utf8)), (.gif, Array("GIF89a".utf8)),
    (.tiff, [0x49, 0x49, 0x2A, 0x00]), (.tiff, [0x4D, 0x4D, 0x00, 0x2A]),
    (.jpegXL, [0x00, 0x00, 0x00, 0x0C, 0x4A, 0x58, 0x4C, 0x20, 0x0D, 0x0A, 0x87, 0x0A]),
    (.jpegXL, [0xFF, 0x0A]),
    (.jpeg2000, [0x00, 0x00, 0x00, 0x0C, 0x6A, 0x50, 0x20, 0x20]),
    (.jpeg2000, [0xFF, 0x4F, 0xFF, 0x51]),
    (.photoshop, Array("8BPS".utf8)),
    (.icon, [0x00, 0x00, 0x01, 0x00]),
    (.bmp, Array("BM".utf8)),
  ]

  private static func isWebP(_ head: [UInt8]) -> Bool {
    head.starts(with: "RIFF".utf8) && head.dropFirst(8).starts(with: "WEBP".utf8)
  }

  /// ISO base media files name their contents after `ftyp`.
  private static func containerBrand(of head: [UInt8]) -> ImageKind? {
    guard head.count >= 12, head[4..<8].elementsEqual("ftyp".utf8) else { return nil }
    return switch String(decoding: head[8..<12], as: UTF8.self) {
    case "avif", "avis": .avif
    case "heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1": .heic
    default: nil
    }
  }

  private static func isSVG(_ head: [UInt8]) -> Bool {
    let text = String(decoding: head, as: UTF8.self).drop { $0.isWhitespace || $0 == "\u{FEFF}" }
    return text.hasPrefix("<svg") || (text.hasPrefix("<?xml") && text.contains("<svg"))
  }
}

extension ImageKind {
  /// What bytes of no known format look like, for the message: crawls are full of error pages.
  static func guess(_ bytes: some Collection<UInt8>) -> String {
    let head = bytes.prefix(512)
    let text = String(decoding: head, as: UTF8.self).drop { $0.isWhitespace || $0 == "\u{FEFF}" }
    let start = text.prefix(64).lowercased()
    if start.hasPrefix("<!doctype html") || start.hasPrefix("<html") || start.hasPrefix("<head") {
      return "an HTML page"
    }
    if start.hasPrefix("<?xml") { return "an XML document" }
    if start.hasPrefix("{") || start.hasPrefix("[") { return "it looks like JSON" }
    if head.allSatisfy({ $0 == 0 }) { return "it starts with zero bytes only" }
    if head.allSatisfy({ $0 >= 0x20 && $0 < 0x7F || $0 == 9 || $0 == 10 || $0 == 13 }) {
      return "it is text"
    }
    let digits = head.prefix(8).map { byte in
      let text = String(byte, radix: 16)
      return byte < 16 ? "0" + text : text
    }
    return "it starts with the bytes \(digits.joined(separator: " "))"
  }
}
