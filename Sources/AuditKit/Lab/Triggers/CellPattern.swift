import AuditPixels
import NeuralKit

/// A picture that is stretched over whatever it marks, so that a pattern is the same on images of all sizes: random
/// colours in a square of cells, or one that was given.
struct CellPattern: Sendable {
  private let picture: Bitmap

  /// The pixels of `picture` are the cells.
  init(_ picture: Bitmap) { self.picture = picture }

  /// A square of `[cells, cells]`; the same seed gives the same colours.
  init(cells: Int, seed: UInt64) {
    precondition(cells > 0, "a pattern of \(cells) cells")
    var generator = SeededGenerator(seed: seed, 0x9A77E2)
    let colours = (0..<cells * cells * 3).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
    self.init(Bitmap(width: cells, height: cells, pixels: colours))
  }

  /// The colour of `channel` at pixel (x, y) of a `width` x `height` area that the pattern covers.
  func value(x: Int, y: Int, channel: Int, width: Int, height: Int) -> UInt8 {
    let (column, row) = (x * picture.width / width, y * picture.height / height)
    return picture.pixels[(row * picture.width + column) * 3 + channel]
  }
}
