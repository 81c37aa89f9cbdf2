extension Bitmap {
  /// Turned and mirrored so that it is upright when the stored rows and columns mean `orientation`.
  package func upright(from orientation: Orientation) -> Bitmap {
    guard orientation != .upright else { return self }
    let (width, height) =
      orientation.swapsAxes ? (self.height, self.width) : (self.width, self.height)
    let result = [UInt8](unsafeUninitializedCapacity: pixels.count) { buffer, filled in
      for y in 0..<height {
        for x in 0..<width {
          let (column, row) = orientation.source(
            x: x, y: y, storedWidth: self.width, storedHeight: self.height)
          let source = (row * self.width + column) * 3
          let target = (y * width + x) * 3
          for channel in 0..<3 { buffer[target + channel] = pixels[source + channel] }
        }
      }
      filled = pixels.count
    }
    return Bitmap(width: width, height: height, pixels: result)
  }
}

extension Orientation {
  /// The stored pixel (column, row) that is shown at (x, y).
  fileprivate func source(
    x: Int, y: Int, storedWidth: Int, storedHeight: Int
  ) -> (column: Int, row: Int) {
    let (right, bottom) = (storedWidth - 1, storedHeight - 1)
    return switch self {
    case .upright: (x, y)
    case .mirrored: (right - x, y)
    case .upsideDown: (right - x, bottom - y)
    case .upsideDownMirrored: (x, bottom - y)
    case .transposed: (y, x)
    case .turnedLeft: (y, bottom - x)
    case .transversed: (right - y, bottom - x)
    case .turnedRight: (right - y, x)
    }
  }
}
