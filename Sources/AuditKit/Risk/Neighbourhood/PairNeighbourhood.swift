import NeuralKit

/// What the pairs around a pair say of it: the captions of images like its own, and the images of captions like its
/// own.
///
/// With embeddings z of images and w of captions, the k images o nearest to image i, and the k captions p nearest to
/// caption i
///
///     captions(near zᵢ) = 1/k Σ wₒ        images(near wᵢ) = 1/k Σ zₚ
///
/// Whoever plants pairs decides which captions their images get, and can make these images alike by a trigger, so
/// that they vouch for each other's captions; how the images of honest pairs with such captions look is not theirs
/// to decide. Near-duplicates do not count as neighbours: copies of one picture or of one caption would vouch for
/// each other as well.
package struct PairNeighbourhood: Sendable {
  private let images: NeighbourReferences
  private let captions: NeighbourReferences
  /// Nearest images or captions that are asked.
  package let k: Int
  /// Embeddings with a greater cosine are near-duplicates, the own one included.
  package let duplicateCosine: Float

  /// The neighbourhood of pairs with these embeddings, both `[M, D]` with rows of unit length.
  package init(images: Tensor, captions: Tensor, k: Int, duplicateCosine: Float) {
    precondition(
      images.shape == captions.shape && k > 0, "\(k) of \(images.shape), \(captions.shape)")
    self.images = NeighbourReferences(images)
    self.captions = NeighbourReferences(captions)
    self.k = k
    self.duplicateCosine = duplicateCosine
  }

  /// The mean captions of the images nearest to `queries` `[N, D]`, of length at most 1; zeros where an image has no
  /// neighbour.
  package func captions(near queries: Tensor, _ backend: any Backend) -> Tensor {
    means(of: captions, near: queries, in: images, backend)
  }

  /// The mean images of the captions nearest to `queries` `[N, D]`, of length at most 1; zeros where a caption has no
  /// neighbour.
  package func images(near queries: Tensor, _ backend: any Backend) -> Tensor {
    means(of: images, near: queries, in: captions, backend)
  }

  /// The mean captions around the pairs' own images, `[M, D]`; no pair is its own neighbour, whatever
  /// counts as a duplicate.
  package func captionsAround(_ backend: any Backend) -> Tensor {
    means(of: captions, around: images, backend)
  }

  /// The mean images around the pairs' own captions, `[M, D]`; no pair is its own neighbour, whatever
  /// counts as a duplicate.
  package func imagesAround(_ backend: any Backend) -> Tensor {
    means(of: images, around: captions, backend)
  }

  private func means(
    of values: NeighbourReferences, near queries: Tensor, in references: NeighbourReferences,
    _ backend: any Backend
  ) -> Tensor {
    mean(
      values,
      Neighbours.nearest(k, to: queries, in: references, cosineLimit: duplicateCosine, backend))
  }

  private func means(
    of values: NeighbourReferences, around references: NeighbourReferences, _ backend: any Backend
  ) -> Tensor {
    mean(
      values, Neighbours.nearest(k, among: references.rows, cosineLimit: duplicateCosine, backend))
  }

  private func mean(_ values: NeighbourReferences, _ neighbours: Neighbours) -> Tensor {
    let width = values.rows.columnCount
    var means = [Float](repeating: 0, count: neighbours.rowCount * width)
    for row in 0..<neighbours.rowCount {
      let nearest = neighbours.indices(of: row)
      for other in nearest {
        for column in 0..<width {
          means[row * width + column] += values.scalars[Int(other) * width + column]
        }
      }
      for column in 0..<width { means[row * width + column] /= Float(max(1, nearest.count)) }
    }
    return Tensor(means, shape: [neighbours.rowCount, width])
  }
}
