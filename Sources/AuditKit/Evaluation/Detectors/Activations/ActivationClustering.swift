import NeuralKit

/// Membership in the smaller of two clusters of the images of a class (Chen et al., "Detecting
/// Backdoor Attacks on Deep Neural Networks by Activation Clustering", 2018, arXiv:1811.03728).
///
/// The images of each class are reduced to a few dimensions and parted by 2-means; images with a
/// trigger gather in a cluster of their own, which is the smaller one where they are a minority.
/// The paper reduces by independent component analysis; here the principal components are kept with
/// the variance they have, which is deterministic and gives directions of noise no weight.
///
/// The paper judges whole clusters by their relative size. To rank images, an image counts as
/// partly in both clusters: with the share p of its own cluster among the images of the class, and
/// its margin s between the centres (0 midway, 1 at its own centre) as the weight w = (1 + s) / 2,
///
///     risk = w (1 - p) + (1 - w) p
///
/// So members of smaller clusters come before those of larger ones, typical members of a small
/// cluster before doubtful ones, and in a class of two equal clusters all have 1/2. A class of one
/// image, or of equal ones, has one cluster, p = 1, and risk 0. Pairs without class are one class.
package struct ActivationClustering: EmbeddingDetector {
  /// Dimensions that the images of a class are reduced to.
  package var dimensions: Int
  /// Clusterings of which the best is taken.
  package var starts: Int
  /// Where reduction and clusterings start.
  package var seed: UInt64

  /// A detector with the paper's 10 dimensions unless told otherwise.
  package init(dimensions: Int = 10, starts: Int = 10, seed: UInt64 = 0) {
    precondition(dimensions > 0 && starts > 0, "\(dimensions) dimensions, \(starts) starts")
    self.dimensions = dimensions
    self.starts = starts
    self.seed = seed
  }

  package func risks(_ pairs: PairEmbeddings, _ backend: any Backend) -> [Double] {
    var risks = [Double](repeating: 0, count: pairs.count)
    for group in pairs.groups {
      guard let clusters = clusters(backend.gatherRows(pairs.images, group), backend) else {
        continue
      }
      let second = Double(clusters.isInSecond.count { $0 }) / Double(group.count)
      for (place, pair) in group.enumerated() {
        let share = clusters.isInSecond[place] ? second : 1 - second
        let weight = (1 + clusters.margins[place]) / 2
        risks[Int(pair)] = weight * (1 - share) + (1 - weight) * share
      }
    }
    return risks
  }

  /// The two clusters of the images `[N, D]` of one class; nil where they are equal.
  private func clusters(_ images: Tensor, _ backend: any Backend) -> TwoMeans? {
    // Made anew for each class, so that no class depends on the others.
    var generator = SeededGenerator(seed: seed)
    let components = PrincipalComponents(
      of: images, count: dimensions, using: &generator, backend)
    return TwoMeans.fit(
      components.coordinates, width: components.count, starts: starts, using: &generator)
  }
}
