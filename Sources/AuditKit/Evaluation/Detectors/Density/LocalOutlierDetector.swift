import AuditRisk
import NeuralKit

/// A detector that compares the density of images round an image with that round its neighbours.
///
/// The sparser, the riskier: Huang et al. ("Detecting Backdoor Samples in Contrastive Language
/// Image Pretraining", ICLR 2025, arXiv:2502.01385) find that images with a trigger have far
/// sparser neighbourhoods in CLIP's space than clean ones, which training draws to others of their
/// content. They take k = 16 among the images of a batch, which holds few poisoned ones; here all
/// images of the crawl are candidates. Where more than k images carry the same trigger and lie
/// together they are each other's neighbours, and what these detectors look for is gone.
package protocol LocalOutlierDetector: EmbeddingDetector {
  /// Nearest images that are looked at.
  var k: Int { get }

  /// The risk of each image `[N]` from its neighbours among the same `N`, at least `k` of which
  /// were searched for; the nearest `k` count.
  ///
  /// One search serves several detectors.
  func risks(_ neighbours: Neighbours) -> [Double]
}

extension LocalOutlierDetector {
  package func risks(_ pairs: PairEmbeddings, _ backend: any Backend) -> [Double] {
    risks(.nearest(k, among: pairs.images, backend))
  }
}

extension Neighbours {
  /// The distance of each row to its `k`-th neighbour `[N]`: to the last where there are fewer, 0
  /// without any.
  func kDistances(_ k: Int) -> [Double] {
    precondition(k > 0 && self.k >= k, "\(self.k) neighbours were searched, \(k) are needed")
    return (0..<rowCount).map { Double(distances(of: $0, first: k).last ?? 0) }
  }
}
