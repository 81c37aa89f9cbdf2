import AuditPixels
import NeuralKit

/// A pattern that shines through the whole image (Blended: Chen et al., 2017, arXiv:1712.05526):
/// (1 - alpha) image + alpha pattern.
package struct BlendTrigger: Trigger {
  /// The pattern's share, in 0...1; the paper's experiments take 0.2.
  package var alpha: Double
  /// Cells of random colour along each edge of the pattern.
  ///
  /// Noise of single pixels would be averaged away in a thumbnail.
  package var cells: Int
  /// Fixes the pattern.
  package var seed: UInt64
  /// A picture that is stretched over the image in the cells' place.
  package var picture: Bitmap?

  package init(alpha: Double = 0.2, cells: Int = 16, seed: UInt64 = 0) {
    precondition((0...1).contains(alpha) && cells > 0, "alpha \(alpha), \(cells) cells")
    self.alpha = alpha
    self.cells = cells
    self.seed = seed
  }

  package func applied(to image: Bitmap, using generator: inout SeededGenerator) -> Bitmap {
    let pattern = picture.map { CellPattern($0) } ?? CellPattern(cells: cells, seed: seed)
    var pixels = image.pixels
    for y in 0..<image.height {
      for x in 0..<image.width {
        let place = (y * image.width + x) * 3
        for channel in 0..<3 {
          let mark = pattern.value(
            x: x, y: y, channel: channel, width: image.width, height: image.height)
          let value = (1 - alpha) * Double(pixels[place + channel]) + alpha * Double(mark)
          pixels[place + channel] = UInt8(value.rounded())
        }
      }
    }
    return Bitmap(width: image.width, height: image.height, pixels: pixels)
  }
}
