import NeuralKit

/// What the captions of an image's nearest images say: an image as the crawl around it describes it.
///
/// With caption embeddings w and the k nearest images o of image i
///
///     neighbourhood(i) = 1/k Σ wₒ        agreement(i) = neighbourhood(i) · wᵢ = 1/k Σ cos(wᵢ, wₒ)
///
/// Near-duplicates of the image do not count as neighbours: whoever poisons one picture many times
/// with the same false caption would have the copies vouch for each other.
package struct CaptionNeighbourhood: Sendable {
  private let images: NeighbourReferences
  /// `[M, D]`.
  private let captions: [Float]
  /// Nearest images whose captions are asked.
  package let k: Int
  /// Images with a greater cosine are near-duplicates, the image itself included.
  package let duplicateCosine: Float

  /// The neighbourhood of pairs with these embeddings, both `[M, D]` with rows of unit length.
  package init(images: Tensor, captions: Tensor, k: Int, duplicateCosine: Float) {
    precondition(
      images.shape == captions.shape && k > 0, "\(k) of \(images.shape), \(captions.shape)")
    self.images = NeighbourReferences(images)
    self.captions = captions.scalars
    self.k = k
    self.duplicateCosine = duplicateCosine
  }

  /// The mean captions around images `[N, D]`, of length at most 1; zeros where an image has no neighbour.
  package func captions(near queries: Tensor, _ backend: any Backend) -> Tensor {
    mean(
      Neighbours.nearest(k, to: queries, in: images, cosineLimit: duplicateCosine, backend),
      shape: queries.shape)
  }

  /// The mean captions around the pairs' own images, `[M, D]`; no pair is its own neighbour, whatever
  /// counts as a duplicate.
  package func captions(_ backend: any Backend) -> Tensor {
    mean(
      Neighbours.nearest(k, among: images.rows, cosineLimit: duplicateCosine, backend),
      shape: images.rows.shape)
  }

  private func mean(_ neighbours: Neighbours, shape: [Int]) -> Tensor {
    let width = images.rows.columnCount
    var means = [Float](repeating: 0, count: neighbours.rowCount * width)
    for row in 0..<neighbours.rowCount {
      let nearest = neighbours.indices(of: row)
      for other in nearest {
        for column in 0..<width {
          means[row * width + column] += captions[Int(other) * width + column]
        }
      }
      for column in 0..<width { means[row * width + column] /= Float(max(1, nearest.count)) }
    }
    return Tensor(means, shape: shape)
  }
}
