import AuditEvaluation
import NeuralKit
import TestSupport

extension UnitRows {
  /// Row `order[i]` at place i, of all that belongs to a pair.
  static func gathered(_ pairs: PairEmbeddings, _ order: [Int32]) -> PairEmbeddings {
    PairEmbeddings(
      images: gathered(pairs.images, order), captions: gathered(pairs.captions, order),
      classes: order.map { pairs.classes[Int($0)] })
  }
}
