import Foundation
import NeuralKit

/// Both histograms cut at quantiles of the shuffled pairs, finer toward the lowest similarities:
/// all that the choice of a tail and its bootstrap look at.
struct MismatchCells {
  /// A tail, from the lowest similarity through `cell`.
  struct Choice {
    var cell: Int
    var observedCount: Double
    var unrelatedShare: Double
  }

  /// One resample.
  struct Replicate {
    var ratio: Double
    var unrelatedCounts: [Double]
    /// Where its randomness goes on.
    var generator: SeededGenerator
  }

  /// Counts by cell.
  private(set) var observedCounts: [Double] = []
  private(set) var unrelatedCounts: [Double] = []
  /// The similarity at which each cell ends.
  private(set) var upperEnds: [Double] = []
  /// The histograms' bins in each cell.
  private(set) var bins: [Range<Int>] = []

  private static let cellCount = 128
  /// Tails with a smaller share of the shuffled pairs are not looked at.
  private static let smallestShare = 0.002
  /// The confidence limit by which a tail is chosen, in standard errors; by simulation.
  ///
  /// Smaller values pick accidental gaps, larger ones stay in tails where matching pairs are many.
  private static let errors = 3.5

  init(observed: Histogram, unrelated: Histogram) {
    precondition(observed.hasSameBins(as: unrelated), "histograms need the same bins")
    let total = Double(unrelated.total)
    // Shares 1/4000 ... 1 in equal steps of their logarithm.
    var targets = (1...Self.cellCount).map {
      total * pow(Self.smallestShare / 8, 1 - Double($0) / Double(Self.cellCount))
    }.makeIterator()
    var target = targets.next()
    var (seen, observedCount, unrelatedCount, start) = (0.0, 0.0, 0.0, 0)
    for bin in observed.counts.indices {
      observedCount += Double(observed.counts[bin])
      unrelatedCount += Double(unrelated.counts[bin])
      seen += Double(unrelated.counts[bin])
      let isLast = bin == observed.counts.count - 1
      guard unrelatedCount > 0 && seen >= (target ?? .infinity) - 0.5 || isLast else { continue }
      observedCounts.append(observedCount)
      unrelatedCounts.append(unrelatedCount)
      upperEnds.append(observed.center(of: bin) + observed.binWidth / 2)
      bins.append(start..<bin + 1)
      (observedCount, unrelatedCount, start) = (0, 0, bin + 1)
      while let next = target, seen >= next - 0.5 { target = targets.next() }
    }
  }

  var observedTotal: Double { observedCounts.reduce(0, +) }

  /// The tail with the smallest upper limit of F(t) / F₀(t); nil where there is too little data.
  func choose() -> Choice? { Self.choose(observedCounts, unrelatedCounts) }

  private static func choose(_ observed: [Double], _ unrelated: [Double]) -> Choice? {
    let (observedTotal, unrelatedTotal) = (observed.reduce(0, +), unrelated.reduce(0, +))
    guard observedTotal > 0 else { return nil }
    var best: (choice: Choice, limit: Double)?
    var (observedBelow, unrelatedBelow) = (0.0, 0.0)
    for cell in observed.indices {
      observedBelow += observed[cell]
      unrelatedBelow += unrelated[cell]
      let share = unrelatedBelow / unrelatedTotal
      guard unrelatedBelow >= Double(MismatchRate.minimumTailCount), share >= smallestShare
      else { continue }
      // Wilson's limit of a Poisson count, wider by the error of F₀: unlike count + z √count it does
      // not call an empty tail certain.
      let z = errors * (1 + observedBelow * (1 - share) / unrelatedBelow).squareRoot()
      let upper = observedBelow + z * z / 2 + z * (observedBelow + z * z / 4).squareRoot()
      let limit = upper / observedTotal / share
      if limit < best?.limit ?? .infinity {
        best = (
          Choice(cell: cell, observedCount: observedBelow, unrelatedShare: share), limit
        )
      }
    }
    return best?.choice
  }

  /// Ratios with tails chosen anew after every count was replaced by a Poisson number.
  func replicates(_ count: Int, seed: UInt64) -> [Replicate] {
    (0..<count).compactMap { index in
      // "mismatch" in letters: the purpose of these numbers.
      var generator = SeededGenerator(seed: seed, 0x6D69_736D_6174_6368, UInt64(index))
      let observed = observedCounts.map { Double(generator.poisson($0)) }
      let unrelated = unrelatedCounts.map { Double(generator.poisson($0)) }
      guard let choice = Self.choose(observed, unrelated) else { return nil }
      return Replicate(
        ratio: choice.observedCount / observed.reduce(0, +) / choice.unrelatedShare,
        unrelatedCounts: unrelated, generator: generator)
    }
  }

  /// For each cell, the share of its shuffled pairs that the selection would take.
  ///
  /// A bin without observed pairs selects as the nearest one below it does; below the first, none.
  func meanSelection(
    selected: Histogram, observed: Histogram, of unrelated: Histogram
  ) -> [Double] {
    var selection = 0.0
    return bins.map { bins in
      var (weight, sum) = (0.0, 0.0)
      for bin in bins {
        if observed.counts[bin] > 0 {
          selection = Double(selected.counts[bin]) / Double(observed.counts[bin])
        }
        weight += Double(unrelated.counts[bin])
        sum += Double(unrelated.counts[bin]) * min(1, selection)
      }
      return weight > 0 ? sum / weight : 0
    }
  }
}
