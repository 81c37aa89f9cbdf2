extension Orientation {
  /// What the EXIF chunk of a WebP says; upright where there is none or it makes no sense.
  package init(ofWebP bytes: UnsafeBufferPointer<UInt8>) {
    guard let exif = Orientation.exifChunk(of: bytes) else {
      self = .upright
      return
    }
    // The chunk should hold a bare TIFF block; many writers leave JPEG's prefix on it.
    let hasPrefix = exif.starts(with: [0x45, 0x78, 0x69, 0x66, 0, 0])
    self = Orientation(tiff: hasPrefix ? exif.dropFirst(6) : exif) ?? .upright
  }

  /// The first EXIF chunk of a file whose header announces one.
  private static func exifChunk(
    of bytes: UnsafeBufferPointer<UInt8>
  ) -> Slice<UnsafeBufferPointer<UInt8>>? {
    func size(at position: Int) -> Int {
      bytes[position..<(position + 4)].reversed().reduce(0) { $0 << 8 | Int($1) }
    }
    func hasName(_ name: String, at position: Int) -> Bool {
      bytes[position..<(position + 4)].elementsEqual(name.utf8)
    }
    // "RIFF", the size of what follows, "WEBP", then chunks: name, size, an even number of bytes.
    guard bytes.count > 20, hasName("VP8X", at: 12), bytes[20] & 0x08 != 0 else { return nil }
    let end = min(bytes.count, 8 + size(at: 4))
    var position = 12
    while position + 8 <= end {
      let start = position + 8
      let count = size(at: position + 4)
      guard count <= end - start else { return nil }
      if hasName("EXIF", at: position) { return bytes[start..<(start + count)] }
      position = start + count + count % 2
    }
    return nil
  }
}
