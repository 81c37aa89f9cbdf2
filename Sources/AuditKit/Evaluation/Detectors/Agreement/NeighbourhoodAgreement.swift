import AuditRisk
import NeuralKit

/// Whether a pair's caption is like the captions of its nearest images: the form of `DeepKNN` that
/// needs no classes.
///
/// The risk is 1 - agreement (`CaptionNeighbourhood`); a pair without neighbours has agreement 0.
package struct NeighbourhoodAgreement: EmbeddingDetector {
  /// Nearest images whose captions are compared.
  package var k: Int
  /// Images with a greater cosine are near-duplicates.
  ///
  /// At 0.995 embeddings of unit length are 0.1 apart. Re-encoded and slightly cropped copies lie
  /// within that; lower it for a model that draws the images of one concept that close.
  package var duplicateCosine: Float

  /// A detector that asks `k` neighbours.
  package init(k: Int = 16, duplicateCosine: Float = 0.995) {
    self.k = k
    self.duplicateCosine = duplicateCosine
  }

  /// The agreement of each pair `[N]`, in -1...1.
  package func agreements(_ pairs: PairEmbeddings, _ backend: any Backend) -> [Double] {
    let neighbourhood = CaptionNeighbourhood(
      images: pairs.images, captions: pairs.captions, k: k, duplicateCosine: duplicateCosine)
    let around = neighbourhood.captions(backend)
    return (0..<pairs.count).map { pair in
      backend.innerProduct(around.rows(pair..<pair + 1), pairs.captions.rows(pair..<pair + 1))
    }
  }

  package func risks(_ pairs: PairEmbeddings, _ backend: any Backend) -> [Double] {
    agreements(pairs, backend).map { 1 - $0 }
  }
}
