/// Tells from the first bytes whether a file is an image that is decoded here.
enum ImageSignature {
  /// How many bytes tell.
  static let byteCount = 12

  /// The usual ending of an image that begins so; nil for what is no JPEG, PNG, WebP or GIF.
  static func ending(of bytes: some Collection<UInt8>) -> String? {
    if bytes.starts(with: [0xFF, 0xD8, 0xFF]) { return "jpg" }
    if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47]) { return "png" }
    if bytes.starts(with: "RIFF".utf8), bytes.dropFirst(8).starts(with: "WEBP".utf8) {
      return "webp"
    }
    if bytes.starts(with: "GIF8".utf8) { return "gif" }
    return nil
  }

  /// Whether an open file has an image at a place.
  static func isImage(in file: PositionedFile, at offset: Int64 = 0) -> Bool {
    guard let bytes = try? file.read(at: offset, count: byteCount) else { return false }
    return ending(of: bytes) != nil
  }
}
