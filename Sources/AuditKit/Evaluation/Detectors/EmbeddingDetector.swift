import NeuralKit

/// A published way to tell poisoned pairs from their embeddings.
package protocol EmbeddingDetector: Sendable {
  /// The risk of each pair `[N]`, finite, the higher the riskier.
  ///
  /// Only the order means the same from one detector to the next.
  func risks(_ pairs: PairEmbeddings, _ backend: any Backend) -> [Double]
}
