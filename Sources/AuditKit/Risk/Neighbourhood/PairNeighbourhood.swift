import NeuralKit

/// What the pairs around a pair say of it: the captions of images like its own, and the images of captions like its
/// own.
///
/// With embeddings z of images and w of captions, the k images o nearest to image i, and the k captions p nearest to
/// caption j
///
///     captionAgreement(i, j) = median cos(wⱼ, wₒ)        imageAgreement(i, j) = median cos(zᵢ, zₚ)
///
/// Whoever plants pairs decides which captions their images get, and can make these images alike by a trigger, so
/// that they vouch for each other's captions; how the images of honest pairs with such captions look is not theirs
/// to decide. The median holds as long as fewer than half of the neighbours are planted. Near-duplicates do not count
/// as neighbours: copies of one picture or of one caption would vouch for each other as well.
package struct PairNeighbourhood: Sendable {
  /// How well images and captions go with their neighbours.
  package struct Agreements: Sendable, Equatable {
    /// With the captions of the nearest images, `[N]`.
    package var ofCaptions: [Float]
    /// With the images of the nearest captions, `[N]`.
    package var ofImages: [Float]
  }

  private let images: NeighbourReferences
  private let captions: NeighbourReferences
  /// Nearest images or captions that are asked.
  package let k: Int
  /// Embeddings with a greater cosine are near-duplicates.
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

  /// The agreements of images with captions, both `[N, D]`: of row i with row i + `shift`, around the end, for
  /// each of `shifts`.
  ///
  /// `own` tells which row of the neighbourhood each pair itself is, -1 for none: no pair is its own neighbour, whatever
  /// counts as a duplicate. An image or caption without neighbours has agreement 0.
  package func agreements(
    of queries: (images: Tensor, captions: Tensor), own: [Int32]? = nil, shifts: [Int],
    _ backend: any Backend
  ) -> [Agreements] {
    func nearest(_ rows: Tensor, _ references: NeighbourReferences) -> Neighbours {
      .nearest(k, to: rows, in: references, own: own, cosineLimit: duplicateCosine, backend)
    }
    return agreements(
      of: queries, around: (nearest(queries.images, images), nearest(queries.captions, captions)),
      shifts: shifts, backend)
  }

  /// The agreements of the pairs themselves; no pair is its own neighbour, whatever counts as a duplicate.
  package func agreements(_ backend: any Backend) -> Agreements {
    func nearest(_ references: NeighbourReferences) -> Neighbours {
      .nearest(k, among: references.rows, cosineLimit: duplicateCosine, backend)
    }
    return agreements(
      of: (images.rows, captions.rows), around: (nearest(images), nearest(captions)), shifts: [0],
      backend)[0]
  }

  private func agreements(
    of queries: (images: Tensor, captions: Tensor),
    around: (images: Neighbours, captions: Neighbours), shifts: [Int], _ backend: any Backend
  ) -> [Agreements] {
    let count = queries.images.rowCount
    let none = [Float](repeating: 0, count: count)
    var found = shifts.map { _ in Agreements(ofCaptions: none, ofImages: none) }
    for row in 0..<count {
      let captionsNear = captions.rows(around.images.indices(of: row), backend)
      let imagesNear = images.rows(around.captions.indices(of: row), backend)
      for (place, shift) in shifts.enumerated() {
        // The image of this row meets a caption further on, and the caption of this row an image further back.
        let caption = (row + shift) % count
        let image = (row + count - shift % count) % count
        found[place].ofCaptions[row] = Self.median(
          queries.captions, caption, captionsNear, backend)
        found[place].ofImages[image] = Self.median(queries.images, image, imagesNear, backend)
      }
    }
    return found
  }

  /// The median of the cosines of a row with others; 0 without others.
  private static func median(
    _ rows: Tensor, _ row: Int, _ others: Tensor?, _ backend: any Backend
  ) -> Float {
    guard let others else { return 0 }
    let cosines = backend.product(
      rows.rows(row..<row + 1), transposed: false, others, transposed: true, scale: 1
    ).scalars.sorted()
    return (cosines[(cosines.count - 1) / 2] + cosines[cosines.count / 2]) / 2
  }
}

extension NeighbourReferences {
  /// Copies of some rows; nil for none.
  fileprivate func rows(_ indices: ArraySlice<Int32>, _ backend: any Backend) -> Tensor? {
    indices.isEmpty ? nil : backend.gatherRows(rows, Array(indices))
  }
}
