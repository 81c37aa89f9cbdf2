import AuditRisk
import NeuralKit

/// Pairs by falling risk, cut into runs: all that measures of detection need to know of the order,
/// so that a resample costs a draw a pair and no sort.
///
/// Pairs of equal risk are one run, those whose risk is NaN the last one. Neighbouring runs without
/// a poisoned pair are joined, since no measure depends on the order among clean pairs.
struct RiskRuns {
  /// The run of each clean pair.
  private let cleanRuns: [Int]
  /// The runs of each cluster's poisoned pairs.
  private let clusterRuns: [[Int]]
  /// How many runs there are.
  private let count: Int

  /// The runs of a crawl with one risk a pair.
  ///
  /// Complexity: O(N log N)
  init(risks: [Double], truth: DetectionTruth) {
    precondition(
      risks.count == truth.pairCount, "\(risks.count) risks, \(truth.pairCount) truths")
    var runs = [Int](repeating: 0, count: risks.count)
    var count = 0
    var isPreviousClean = false
    for tied in RankingScores.ties(risks) {
      let isClean = !tied.contains { truth.isPoisoned[$0] }
      if !(isClean && isPreviousClean) { count += 1 }
      for pair in tied { runs[pair] = count - 1 }
      isPreviousClean = isClean
    }
    self.count = count
    cleanRuns = runs.indices.filter { !truth.isPoisoned[$0] }.map { runs[$0] }
    clusterRuns = truth.clusters.map { cluster in cluster.map { runs[$0] } }
  }

  /// As many clean pairs and as many clusters as there are, each drawn with replacement from its
  /// kind.
  ///
  /// There must be one of each kind.
  ///
  /// Complexity: O(N)
  func resampled(using generator: inout SeededGenerator) -> RankingScores {
    var groups = [(items: Int, positives: Int)](repeating: (0, 0), count: count)
    for _ in cleanRuns.indices {
      groups[cleanRuns[generator.index(below: cleanRuns.count)]].items += 1
    }
    for _ in clusterRuns.indices {
      for run in clusterRuns[generator.index(below: clusterRuns.count)] {
        groups[run].items += 1
        groups[run].positives += 1
      }
    }
    return RankingScores(groups: groups)
  }
}
