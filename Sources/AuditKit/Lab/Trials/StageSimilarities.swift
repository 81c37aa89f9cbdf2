import AuditRisk
import NeuralKit

/// The similarities of planted and of all other pairs by the model as it was at the end of a stage.
public struct StageSimilarities: Sendable, Equatable {
  /// The stage's last epoch, counted from 0 over all stages.
  public let epoch: Int
  /// The stage.
  public let stage: String
  /// Pairs that were not planted, in ``binCount`` bins over -1...1.
  public let others: Histogram
  /// Planted pairs, in the same bins.
  public let planted: Histogram

  /// Bins over all similarities.
  public static let binCount = 200

  /// Counts that were made elsewhere.
  init(epoch: Int, stage: String, others: Histogram, planted: Histogram) {
    precondition(others.hasSameBins(as: planted), "both have the same bins")
    self.epoch = epoch
    self.stage = stage
    self.others = others
    self.planted = planted
  }

  /// Counts the similarities of all pairs of a crawl, of which those with a key in `planted` are planted.
  init(
    epoch: Int, stage: String, of pairs: EmbeddedPairs, planted: Set<String>,
    _ backend: any Backend
  ) {
    var counts = (
      others: Histogram(binCount: Self.binCount), planted: Histogram(binCount: Self.binCount)
    )
    for (key, similarity) in zip(pairs.keys, pairs.similarities(backend)) {
      if planted.contains(key) {
        counts.planted.add(similarity)
      } else {
        counts.others.add(similarity)
      }
    }
    self.init(epoch: epoch, stage: stage, others: counts.others, planted: counts.planted)
  }

  /// The mixture of all these similarities.
  var mixture: GaussianMixture {
    var all = others
    all += planted
    return .fit(all)
  }
}
