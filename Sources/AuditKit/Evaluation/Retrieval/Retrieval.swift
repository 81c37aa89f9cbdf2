import AuditRisk
import NeuralKit

/// How well a model finds, among held-out captions, the one that belongs to an image.
package struct Retrieval: Sendable {
  /// Images that are compared with all captions at a time.
  private static let blockSize = 512

  /// The measure's name in reports and the lab's database, such as "recallAt10".
  package static func measureName(k: Int) -> String { "recallAt\(k)" }

  /// For each image, how many captions are more similar to it than its own, `[N]`; those as similar count half.
  private let closerCaptions: [Double]

  /// Compares images `[N, D]` with captions `[N, D]`, of which row i belongs to image i.
  package init(images: Tensor, captions: Tensor, _ backend: any Backend) {
    let count = images.rowCount
    var closerCaptions: [Double] = []
    closerCaptions.reserveCapacity(count)
    for start in stride(from: 0, to: count, by: Self.blockSize) {
      let rows = start..<min(count, start + Self.blockSize)
      let similarities = backend.product(
        images.rows(rows), transposed: false, captions, transposed: true, scale: 1
      ).scalars
      for row in rows {
        let line = similarities[(row - start) * count..<(row - start + 1) * count]
        let own = line[line.startIndex + row]
        var closer = 0.0
        for (column, other) in line.enumerated() where column != row {
          if other > own { closer += 1 } else if other == own { closer += 0.5 }
        }
        closerCaptions.append(closer)
      }
    }
    self.closerCaptions = closerCaptions
  }

  /// Share of the images whose own caption is among the `k` most similar of all captions, with Wilson's 95 % interval;
  /// nil without an image.
  package func recall(k: Int) -> IntervalEstimate? {
    IntervalEstimate(
      successes: closerCaptions.count { $0 < Double(k) }, trials: closerCaptions.count)
  }
}
