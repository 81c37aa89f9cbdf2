import NeuralKit

/// A square of random colours in `[cells, cells]`, stretched over whatever it marks, so that a pattern is
/// the same on images of all sizes.
struct CellPattern: Sendable {
  let cells: Int
  /// `[cells, cells, 3]`.
  private let colours: [UInt8]

  /// The same seed gives the same colours.
  init(cells: Int, seed: UInt64) {
    precondition(cells > 0, "a pattern of \(cells) cells")
    self.cells = cells
    var generator = SeededGenerator(seed: seed, 0x9A77E2)
    colours = (0..<cells * cells * 3).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
  }

  /// The colour of `channel` at pixel (x, y) of a `width` x `height` area that the pattern covers.
  func value(x: Int, y: Int, channel: Int, width: Int, height: Int) -> UInt8 {
    colours[((y * cells / height) * cells + x * cells / width) * 3 + channel]
  }
}
