import NeuralKit

/// Inner products of images with classes, a block of images at a time, so that memory stays
/// bounded.
struct ClassScores {
  /// Images that are compared with all classes at a time.
  private static let blockSize = 1_024

  private let weights: Tensor
  private let backend: any Backend

  /// Scores by `weights` `[C, D]`.
  init(weights: Tensor, _ backend: any Backend) {
    self.weights = weights
    self.backend = backend
  }

  /// Calls `body` with consecutive rows of `images` `[N, D]` and their scores, `[rows, C]` in
  /// row-major order.
  func forEachBlock(of images: Tensor, _ body: (Range<Int>, [Float]) -> Void) {
    let count = images.rowCount
    for start in stride(from: 0, to: count, by: Self.blockSize) {
      let rows = start..<min(count, start + Self.blockSize)
      let scores = backend.product(
        images.rows(rows), transposed: false, weights, transposed: true, scale: 1)
      body(rows, scores.scalars)
    }
  }
}
