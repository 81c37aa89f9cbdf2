import AuditRisk
import NeuralKit

/// Whether a pair's caption is like the captions of its nearest images, the form of `DeepKNN` that needs no classes,
/// or its image like the images of its nearest captions.
///
/// The risk is 1 - agreement, the median cosine with these (`PairNeighbourhood`); a pair without neighbours has
/// agreement 0.
package struct NeighbourhoodAgreement: EmbeddingDetector {
  /// What is near to a pair.
  package enum Nearness: Sendable {
    /// Images that are like its own, whose captions are compared.
    case byImages
    /// Captions that are like its own, whose images are compared.
    case byCaptions
  }

  /// What is near to a pair.
  package var nearness: Nearness
  /// Nearest images or captions that are asked.
  package var k: Int
  /// Embeddings with a greater cosine are near-duplicates.
  ///
  /// At 0.995 embeddings of unit length are 0.1 apart. Re-encoded and slightly cropped copies lie
  /// within that; lower it for a model that draws the images of one concept that close.
  package var duplicateCosine: Float

  /// A detector that asks `k` neighbours.
  package init(
    _ nearness: Nearness = .byImages, k: Int = 16, duplicateCosine: Float = 0.995
  ) {
    self.nearness = nearness
    self.k = k
    self.duplicateCosine = duplicateCosine
  }

  /// The agreement of each pair `[N]`, in -1...1.
  package func agreements(_ pairs: PairEmbeddings, _ backend: any Backend) -> [Double] {
    let neighbourhood = PairNeighbourhood(
      images: pairs.images, captions: pairs.captions, k: k, duplicateCosine: duplicateCosine)
    let agreements = neighbourhood.agreements(backend)
    switch nearness {
    case .byImages: return agreements.ofCaptions.map { Double($0) }
    case .byCaptions: return agreements.ofImages.map { Double($0) }
    }
  }

  package func risks(_ pairs: PairEmbeddings, _ backend: any Backend) -> [Double] {
    agreements(pairs, backend).map { 1 - $0 }
  }
}
