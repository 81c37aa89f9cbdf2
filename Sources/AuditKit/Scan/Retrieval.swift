import AuditTraining
import NeuralKit

/// How well a model finds, among held-out captions, the one that belongs to an image.
struct Retrieval: Sendable {
  /// The measure's name in the report.
  static let measureName = "recallAt10"

  /// Share of images whose own caption is among the `k` most similar of all `[N]` captions; captions as
  /// similar as the own one count half against it.
  static func recall(images: Tensor, captions: Tensor, k: Int, _ backend: any Backend) -> Double {
    let count = images.rowCount
    let similarities = backend.product(
      images, transposed: false, captions, transposed: true, scale: 1
    ).scalars
    var found = 0.0
    for row in 0..<count {
      let own = similarities[row * count + row]
      var better = 0.0
      for column in 0..<count where column != row {
        let other = similarities[row * count + column]
        if other > own { better += 1 } else if other == own { better += 0.5 }
      }
      if better < Double(k) { found += 1 }
    }
    return found / Double(max(1, count))
  }
}
