import Foundation
import NeuralKit

extension GaussianMixture {
  /// The weight of the low component, the mixture's own estimate of the share of mismatched pairs,
  /// with a 95 % interval from refits to resampled histograms.
  ///
  /// Every bin's count is replaced by a Poisson number with that mean and the mixture is fitted
  /// anew, started from this one and with a tolerance a thousand times tighter, so that a flat
  /// likelihood shows as a wide interval instead of stopping where it began. The interval covers
  /// sampling error only: when the two groups are not Gaussian the weight is off, and no
  /// interval says so. A degenerate mixture has the interval 0...1.
  ///
  /// Complexity: O(resamples), each with up to 200 steps over 512 bins.
  public func lowWeight(
    _ histogram: Histogram, resamples: Int = 200, seed: UInt64
  ) -> IntervalEstimate {
    guard outcome != .degenerate, histogram.total > 1, resamples > 0 else {
      return IntervalEstimate(value: low.weight, lower: 0, upper: 1)
    }
    var fitting = MixtureFitting()
    fitting.tolerance /= 1_000
    fitting.maximumIterations = 200
    let bins = histogram.condensed(to: 512)
    let start = Self.refit(self, to: bins, fitting)
    let replicates = (0..<resamples).map { index in
      // "lowshare" in letters: the purpose of these numbers.
      var generator = SeededGenerator(seed: seed, 0x6C6F_7773_6861_7265, UInt64(index))
      let counts = bins.counts.map { UInt64(generator.poisson(Double($0))) }
      let resampled = Histogram(
        lowerBound: bins.lowerBound, upperBound: bins.upperBound, counts: counts)
      return Self.refit(start, to: resampled, fitting).low.weight
    }
    return IntervalEstimate(value: low.weight, replicates: replicates)
  }
}
