/// An opaque 8-bit RGB image in memory.
package struct Bitmap: Sendable, Equatable {
  package let width: Int
  package let height: Int
  /// `[height, width, 3]`, rows from the top.
  package let pixels: [UInt8]

  /// Takes over `pixels`, `[height, width, 3]`.
  package init(width: Int, height: Int, pixels: [UInt8]) {
    precondition(
      width > 0 && height > 0 && pixels.count == width * height * 3,
      "\(pixels.count) bytes are not a bitmap of \(width) x \(height) RGB pixels")
    self.width = width
    self.height = height
    self.pixels = pixels
  }

  package var shorterEdge: Int { min(width, height) }
}

extension Bitmap: CustomStringConvertible {
  package var description: String { "\(width) x \(height) RGB pixels" }
}
