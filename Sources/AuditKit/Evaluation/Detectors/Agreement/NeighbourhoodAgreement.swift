import NeuralKit

/// Whether a pair's caption is like the captions of its nearest images: the form of `DeepKNN` that
/// needs no classes.
///
/// With caption embeddings w and the k nearest images o of pair i
///
///     agreement(i) = 1/k Σ cos(wᵢ, wₒ)        risk(i) = 1 - agreement(i)
///
/// Near-duplicates of the image do not count as neighbours: whoever poisons one picture many times
/// with the same false caption would have the copies vouch for each other. A pair without
/// neighbours has agreement 0.
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
    let neighbours = Neighbours.nearest(
      k, among: pairs.images, cosineLimit: duplicateCosine, backend)
    let captions = pairs.captions.scalars
    let width = pairs.captions.columnCount
    return (0..<pairs.count).map { pair in
      let nearest = neighbours.indices(of: pair)
      guard !nearest.isEmpty else { return 0 }
      var sum = 0.0
      for other in nearest {
        for column in 0..<width {
          let own = captions[pair * width + column]
          sum += Double(own) * Double(captions[Int(other) * width + column])
        }
      }
      return sum / Double(nearest.count)
    }
  }

  package func risks(_ pairs: PairEmbeddings, _ backend: any Backend) -> [Double] {
    agreements(pairs, backend).map { 1 - $0 }
  }
}
