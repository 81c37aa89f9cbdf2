import AuditRisk
import NeuralKit

/// How well a model finds, among held-out captions, the one that belongs to an image.
package struct Retrieval: Sendable {
  /// Images that are compared with all captions at a time.
  private static let blockSize = 512

  /// The measure's name in reports and the lab's database, such as "recallAt10".
  package static func measureName(k: Int) -> String { "recallAt\(k)" }

  /// Share of the images `[N, D]` whose own caption is among the `k` most similar of all captions `[N, D]`, with
  /// Wilson's 95 % interval; nil without an image.
  ///
  /// Captions as similar as the own one count half against it.
  package static func recall(
    images: Tensor, captions: Tensor, k: Int, _ backend: any Backend
  ) -> IntervalEstimate? {
    let count = images.rowCount
    var found = 0
    for start in stride(from: 0, to: count, by: blockSize) {
      let rows = start..<min(count, start + blockSize)
      let similarities = backend.product(
        images.rows(rows), transposed: false, captions, transposed: true, scale: 1
      ).scalars
      for row in rows {
        let line = similarities[(row - start) * count..<(row - start + 1) * count]
        let own = line[line.startIndex + row]
        var better = 0.0
        for (column, other) in line.enumerated() where column != row {
          if other > own { better += 1 } else if other == own { better += 0.5 }
        }
        if better < Double(k) { found += 1 }
      }
    }
    return IntervalEstimate(successes: found, trials: count)
  }
}
