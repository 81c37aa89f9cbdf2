import AuditRisk
import NeuralKit

/// How well risks find the poisoned pairs of a crawl: the measures of `RankingScores`, each with a
/// 95 % interval.
///
/// A measure is nil where the crawl has no poisoned or no clean pair.
package struct DetectionEstimates: Sendable, Hashable, Codable {
  /// The recall among the riskiest pairs.
  package struct TopShareRecall: Sendable, Hashable, Codable {
    /// Which share of all pairs is looked at, in 0...1.
    package let share: Double
    /// The share of the poisoned pairs among them.
    package let recall: IntervalEstimate?
  }

  /// Pairs of the crawl.
  package let pairCount: Int
  /// Poisoned ones among them.
  package let poisonedCount: Int
  /// Clusters of poisoned pairs.
  package let clusterCount: Int
  /// The probability that a poisoned pair is riskier than a clean one, ties counting half.
  package let areaUnderROC: IntervalEstimate?
  /// The mean, over poisoned pairs, of the precision at the end of their group of ties.
  package let averagePrecision: IntervalEstimate?
  /// The share of poisoned pairs among the riskiest as many as there are poisoned ones.
  package let precisionAtPrevalence: IntervalEstimate?
  /// The recall among the riskiest pairs, for each share asked for; ties at the border count in
  /// expectation.
  package let topShareRecalls: [TopShareRecall]

  /// The riskiest 0.1 %, 1 % and 5 %.
  package static let defaultTopShares = [0.001, 0.01, 0.05]
  /// Resamples of the bootstrap unless told otherwise.
  package static let defaultResamples = 1_000
}

extension DetectionEstimates {
  /// Measures how well `risks`, one a pair, higher being riskier, find what is poisoned in truth.
  ///
  /// Pairs whose risk is NaN come last. Of each of the `topShares`, in 0...1, at least one pair is
  /// looked at.
  ///
  /// The intervals are percentile intervals of a bootstrap stratified by truth (Efron and
  /// Tibshirani, 1993, chapter 13): clean pairs are drawn from the clean ones, whole clusters of
  /// poisoned pairs from the clusters (Davison and Hinkley, 1997, section 3.8: only the upper level
  /// of a hierarchy is resampled). Prevalence and the size of a share are those of the resample.
  ///
  /// Where a measure is 0 or 1, or all poisoned pairs are one cluster, resamples vary too little.
  /// The interval is Wilson's then, for as many trials as there are clusters (or clean pairs, if
  /// fewer): no mean of numbers in 0...1 has a larger variance than that of zeros and ones.
  ///
  /// Complexity: O(N log N + resamples · N)
  package init(
    risks: [Double], truth: DetectionTruth, topShares: [Double] = defaultTopShares,
    resamples: Int = defaultResamples, using generator: inout SeededGenerator
  ) {
    precondition(resamples > 0, "an interval needs a resample")
    precondition(
      topShares.allSatisfy { $0 >= 0 && $0 <= 1 }, "shares \(topShares) do not lie in 0...1")
    let scores = RankingScores(scores: risks, isPositive: truth.isPoisoned)
    let replicates = DetectionReplicates(
      risks: risks, truth: truth, topShares: topShares, resamples: resamples, using: &generator)
    pairCount = truth.pairCount
    poisonedCount = truth.poisonedCount
    clusterCount = truth.clusters.count
    areaUnderROC = replicates.interval(of: scores.areaUnderROC, replicates.areasUnderROC)
    averagePrecision = replicates.interval(
      of: scores.averagePrecision, replicates.averagePrecisions)
    precisionAtPrevalence = replicates.interval(
      of: scores.precision(at: truth.poisonedCount), replicates.precisionsAtPrevalence)
    topShareRecalls = topShares.indices.map { index in
      TopShareRecall(
        share: topShares[index],
        recall: replicates.interval(
          of: scores.recall(topShare: topShares[index]), replicates.recalls[index]))
    }
  }
}

/// The measures of all resamples.
private struct DetectionReplicates {
  var areasUnderROC: [Double] = []
  var averagePrecisions: [Double] = []
  var precisionsAtPrevalence: [Double] = []
  /// For each share, one entry a resample.
  var recalls: [[Double]]
  private let clusterCount: Int
  private let cleanCount: Int

  init(
    risks: [Double], truth: DetectionTruth, topShares: [Double], resamples: Int,
    using generator: inout SeededGenerator
  ) {
    recalls = topShares.map { _ in [] }
    clusterCount = truth.clusters.count
    cleanCount = truth.pairCount - truth.poisonedCount
    guard clusterCount > 0, cleanCount > 0 else { return }
    let runs = RiskRuns(risks: risks, truth: truth)
    for _ in 0..<resamples {
      // Each resample has pairs of both kinds, so every measure is defined.
      let scores = runs.resampled(using: &generator)
      areasUnderROC += [scores.areaUnderROC].compactMap(\.self)
      averagePrecisions += [scores.averagePrecision].compactMap(\.self)
      precisionsAtPrevalence += [scores.precision(at: scores.positiveCount)].compactMap(\.self)
      for (index, share) in topShares.enumerated() {
        recalls[index] += [scores.recall(topShare: share)].compactMap(\.self)
      }
    }
  }

  /// The interval of a measure in 0...1; nil where it is not defined.
  func interval(of value: Double?, _ replicates: [Double]) -> IntervalEstimate? {
    guard let value, !replicates.isEmpty else { return nil }
    // Where all that can be flagged is poisoned in every resample, they say nothing of what another crawl would give.
    let varies = replicates.contains { $0 != replicates[0] }
    guard value > 0, value < 1, clusterCount > 1, varies else {
      return IntervalEstimate(proportion: value, trials: min(clusterCount, cleanCount))
    }
    return IntervalEstimate(value: value, replicates: replicates)
  }
}
