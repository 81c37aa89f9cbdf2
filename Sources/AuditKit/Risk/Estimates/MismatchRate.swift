import Foundation
import NeuralKit

/// The share of pairs that behave like unrelated ones.
///
/// Shuffled pairs sample the density f₀ of similarities of unrelated pairs. If a share π of the pairs
/// is unrelated, f = π f₀ + (1 - π) f₁, so inf f / f₀ bounds π from above, and is π when f₁ vanishes
/// somewhere in f₀'s range (Storey, 2002, doi:10.1111/1467-9868.00346; Blanchard, Lee and Scott,
/// 2010; Patra and Sen, 2016, doi:10.1111/rssb.12148). Matching pairs are rare among the least
/// similar ones, so the ratio of tails F(t) / F₀(t) is taken, at the t with the smallest upper
/// confidence limit. Choosing by the limit, not by the ratio itself, is what keeps an accidental gap
/// in a thin tail from passing as a low rate: simulated with n = 1 000 to 1 000 000 and rates of 0 to
/// 0.3, the mean estimate lay at most 3 % below the rate, and above it only as far as f₁ overlaps f₀.
///
/// It is an estimate of pairs *that still look unrelated*: poison that training has taught to look
/// matched is not in it.
public struct MismatchRate: Sendable, Hashable, Codable {
  /// The rate with its bootstrap interval.
  public var rate: IntervalEstimate
  /// The similarity t up to which tails were compared.
  public var threshold: Double
  /// F₀(t): share of the shuffled pairs in the tail.
  public var unrelatedShare: Double
  /// Pairs of the crawl in the tail.
  public var pairsBelow: Int

  /// A rate with what it was read from.
  public init(
    rate: IntervalEstimate, threshold: Double, unrelatedShare: Double, pairsBelow: Int
  ) {
    self.rate = rate
    self.threshold = threshold
    self.unrelatedShare = unrelatedShare
    self.pairsBelow = pairsBelow
  }

  /// Resamples of the bootstrap unless told otherwise.
  public static let defaultResamples = 400

  /// Fewer shuffled pairs in a tail than this say nothing about it.
  static let minimumTailCount = 50
}

extension MismatchRate {
  /// The rate among all pairs that `observed` counts, or among a subset chosen without looking at
  /// these similarities.
  ///
  /// Both histograms must have the same bins. With fewer than 50 shuffled pairs, or no pair, nothing
  /// is known: the rate is 1 in 0...1. The interval is the percentile interval of a Poisson bootstrap
  /// of both histograms that repeats the choice of t, widened to the exact Poisson interval at t,
  /// because no resample of an empty tail holds a pair.
  ///
  /// Complexity: O(bins + resamples)
  public static func estimate(
    observed: Histogram, unrelated: Histogram, resamples: Int = defaultResamples, seed: UInt64
  ) -> MismatchRate {
    let cells = MismatchCells(observed: observed, unrelated: unrelated)
    guard let choice = cells.choose() else { return .unknown }
    let replicates = cells.replicates(resamples, seed: seed).map { min(1, $0.ratio) }
    return MismatchRate(choice, cells, replicates: replicates, factor: 1)
  }

  /// The rate among the pairs of a set that was chosen by these very similarities, as a safe set is.
  ///
  /// Its least similar pairs were cut off, so its own tail is empty whatever it holds. Unrelated
  /// pairs are taken to enter the set as often as other pairs of the same similarity do, g(s):
  ///
  ///     π(set) = π Σ g f₀ / Σ g f
  ///
  /// `selected` counts the members of the set, `observed` all pairs.
  public static func estimate(
    selected: Histogram, observed: Histogram, unrelated: Histogram,
    resamples: Int = defaultResamples, seed: UInt64
  ) -> MismatchRate {
    precondition(selected.hasSameBins(as: observed), "histograms need the same bins")
    let cells = MismatchCells(observed: observed, unrelated: unrelated)
    guard let choice = cells.choose(), selected.total > 0 else { return .unknown }
    let entering = cells.meanSelection(selected: selected, observed: observed, of: unrelated)
    let selectedShare = Double(selected.total) / Double(observed.total)
    func factor(_ unrelatedCounts: [Double]) -> Double {
      let total = unrelatedCounts.reduce(0, +)
      let entered = zip(unrelatedCounts, entering).reduce(0) { $0 + $1.0 * $1.1 }
      return total > 0 ? entered / total / selectedShare : 0
    }
    // How many unrelated pairs really entered varies as well.
    let replicates = cells.replicates(resamples, seed: seed).map { replicate in
      var generator = replicate.generator
      let expected = min(1, replicate.ratio) * factor(replicate.unrelatedCounts)
      let entered = generator.poisson(expected * Double(selected.total))
      return min(1, Double(entered) / Double(selected.total))
    }
    return MismatchRate(
      choice, cells, replicates: replicates, factor: factor(cells.unrelatedCounts))
  }

  /// What is known without data.
  static let unknown = MismatchRate(
    rate: IntervalEstimate(value: 1, lower: 0, upper: 1), threshold: 1, unrelatedShare: 1,
    pairsBelow: 0)

  private init(
    _ choice: MismatchCells.Choice, _ cells: MismatchCells, replicates: [Double], factor: Double
  ) {
    func rate(of count: Double) -> Double {
      min(1, min(1, count / cells.observedTotal / choice.unrelatedShare) * factor)
    }
    let bounds = PoissonInterval.bounds(count: Int(choice.observedCount), level: 0.95)
    let value = rate(of: choice.observedCount)
    var estimate =
      replicates.isEmpty
      ? IntervalEstimate(value: value, lower: value, upper: value)
      : IntervalEstimate(value: value, replicates: replicates)
    estimate.lower = min(estimate.lower, rate(of: bounds.lower))
    estimate.upper = max(estimate.upper, rate(of: bounds.upper))
    self.init(
      rate: estimate, threshold: cells.upperEnds[choice.cell],
      unrelatedShare: choice.unrelatedShare, pairsBelow: Int(choice.observedCount))
  }
}
