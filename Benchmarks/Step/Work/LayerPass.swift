/// One pass over one layer: how much it computes and how much it moves, for the whole batch.
package struct LayerPass: Sendable, Equatable {
  /// The part of the step that a layer belongs to.
  package enum Part: String, Codable, Sendable, CaseIterable {
    case image, text, loss, optimiser
  }

  /// What the layer does.
  package enum Kind: String, Codable, Sendable, CaseIterable {
    case product, convolution, attention, batchNorm, embedding, optimiser
  }

  package let layer: String
  package let part: Part
  package let kind: Kind
  package let isBackward: Bool
  /// Additions and multiplications of products; pointwise work is not counted.
  package let operations: Double
  /// Bytes that must move between memory and cores, at float32.
  package let bytes: Double

  /// The least seconds on a machine that computes `peak` operations and moves `bandwidth` bytes a
  /// second: the roofline (Williams, Waterman and Patterson, 2009, doi:10.1145/1498765.1498785).
  package func leastSeconds(peak: Double, bandwidth: Double) -> Double {
    max(operations / peak, bytes / bandwidth)
  }
}
