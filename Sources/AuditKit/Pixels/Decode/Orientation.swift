/// How the stored rows and columns of a photograph lie when it is shown (EXIF 2.32, tag 0x0112).
package enum Orientation: UInt16, Sendable, CaseIterable {
  case upright = 1
  case mirrored = 2
  case upsideDown = 3
  case upsideDownMirrored = 4
  /// Mirrored along the main diagonal.
  case transposed = 5
  /// Stored turned to the left; shown, it is turned to the right.
  case turnedLeft = 6
  /// Mirrored along the other diagonal.
  case transversed = 7
  /// Stored turned to the right; shown, it is turned to the left.
  case turnedRight = 8

  /// Whether width and height change places.
  package var swapsAxes: Bool { rawValue >= Orientation.transposed.rawValue }

  /// What the EXIF segment of a JPEG says; upright where there is none or it makes no sense.
  package init(ofJPEG bytes: UnsafeBufferPointer<UInt8>) {
    self = Orientation.exifSegment(of: bytes).flatMap(Orientation.init(tiff:)) ?? .upright
  }

  /// The TIFF block of the first EXIF segment before the image data.
  private static func exifSegment(
    of bytes: UnsafeBufferPointer<UInt8>
  ) -> Slice<UnsafeBufferPointer<UInt8>>? {
    var position = 2
    while position + 4 <= bytes.count, bytes[position] == 0xFF {
      let marker = bytes[position + 1]
      if marker == 0xFF {
        position += 1
        continue
      }
      guard marker != 0xDA, marker != 0xD9 else { return nil }
      let length = Int(bytes[position + 2]) << 8 | Int(bytes[position + 3])
      let end = position + 2 + length
      guard length >= 2, end <= bytes.count else { return nil }
      let body = bytes[(position + 4)..<end]
      if marker == 0xE1, body.starts(with: [0x45, 0x78, 0x69, 0x66, 0, 0]) {
        return body.dropFirst(6)
      }
      position = end
    }
    return nil
  }

  /// Reads the tag from the first directory of a TIFF block.
  init?(tiff: Slice<UnsafeBufferPointer<UInt8>>) {
    let isLittle = tiff.starts(with: [0x49, 0x49])
    guard isLittle || tiff.starts(with: [0x4D, 0x4D]) else { return nil }
    func number(_ offset: Int, _ count: Int) -> Int? {
      guard offset >= 0, offset <= tiff.count - count else { return nil }
      let start = tiff.startIndex + offset
      let bytes = tiff[start..<(start + count)]
      return (isLittle ? Array(bytes.reversed()) : Array(bytes)).reduce(0) { $0 << 8 | Int($1) }
    }
    guard number(2, 2) == 42, let directory = number(4, 4), let entries = number(directory, 2)
    else { return nil }
    for entry in 0..<entries {
      let offset = directory + 2 + 12 * entry
      guard let tag = number(offset, 2) else { return nil }
      guard tag == 0x0112 else { continue }
      guard number(offset + 2, 2) == 3, let value = number(offset + 8, 2) else { return nil }
      self.init(rawValue: UInt16(value))
      return
    }
    return nil
  }
}
