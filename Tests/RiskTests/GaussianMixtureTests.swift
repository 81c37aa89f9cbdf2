import AuditRisk
import NeuralKit
import Testing

@Suite struct GaussianMixtureTests {
  @Test func goldenFileHoldsTheKnownCases() {
    #expect(GoldenMixture.all.map(\.name) == GoldenMixture.names)
  }

  /// `overlapping` has an almost flat likelihood: where a fit with scikit-learn's tolerance stops
  /// depends on how its k-means began, so that case is held to wider bounds and a better likelihood.
  @Test(arguments: GoldenMixture.all)
  func exactFitReachesTheOptimumOfScikitLearn(_ golden: GoldenMixture) throws {
    let isFlat = golden.name == "overlapping"
    let values = try golden.values()
    let mixture = GaussianMixture.fit(values)
    let tolerance = isFlat ? 2e-3 : 5e-6
    #expect(mixture.isConverged)
    #expect(mixture.meanLogLikelihood >= golden.meanLogLikelihood - 1e-7)
    #expect(abs(mixture.meanLogLikelihood - golden.meanLogLikelihood) < 2e-6)
    #expect(abs(mixture.low.weight - golden.weights[0]) < tolerance)
    #expect(abs(mixture.high.weight - golden.weights[1]) < tolerance)
    #expect(abs(mixture.low.mean - golden.means[0]) < (isFlat ? 4e-4 : 5e-6))
    #expect(abs(mixture.high.mean - golden.means[1]) < (isFlat ? 4e-4 : 5e-6))
    #expect(abs(mixture.low.variance - golden.variances[0]) < (isFlat ? 1e-5 : 1e-7))
    #expect(abs(mixture.high.variance - golden.variances[1]) < (isFlat ? 1e-5 : 1e-7))
    let posteriors = mixture.posteriorsSafe(values)
    #expect(
      largestDifference(posteriors, try golden.posteriors()) < (isFlat ? 0.012 : 1e-4))
    let safe = posteriors.count { $0 > 0.9 }
    #expect(abs(safe - golden.safeCount) <= (isFlat ? 25 : 0))
  }

  @Test(arguments: GoldenMixture.all, [8_192, Histogram.defaultBinCount])
  func histogramFitEqualsExactFit(_ golden: GoldenMixture, bins: Int) throws {
    let values = try golden.values()
    let exact = GaussianMixture.fit(values)
    let binned = GaussianMixture.fit(Histogram(values, binCount: bins))
    #expect(
      abs(exact.low.weight - binned.low.weight) < (golden.name == "overlapping" ? 6e-4 : 2e-5))
    #expect(abs(exact.low.mean - binned.low.mean) < 1e-4)
    #expect(abs(exact.high.mean - binned.high.mean) < 1e-4)
    #expect(abs(exact.low.variance / binned.low.variance - 1) < 2e-3)
    #expect(abs(exact.high.variance / binned.high.variance - 1) < 2e-3)
    #expect(abs(exact.meanLogLikelihood - binned.meanLogLikelihood) < 1e-4)
    #expect(
      largestDifference(exact.posteriorsSafe(values), binned.posteriorsSafe(values)) < 0.01)
  }

  @Test func fitOfAMillionValuesFindsTheirMixture() {
    var generator = SeededGenerator(seed: 11)
    let values =
      normals(100_000, mean: 0.02, deviation: 0.05, using: &generator)
      + normals(900_000, mean: 0.25, deviation: 0.08, using: &generator)
    let mixture = GaussianMixture.fit(Histogram(values))
    #expect(abs(mixture.low.weight - 0.1) < 0.005)
    #expect(abs(mixture.low.mean - 0.02) < 0.003)
    #expect(abs(mixture.high.mean - 0.25) < 0.002)
    #expect(abs(mixture.high.variance.squareRoot() - 0.08) < 0.002)
  }

  @Test func tighterToleranceNeverLowersTheLikelihood() throws {
    for golden in GoldenMixture.all {
      let histogram = Histogram(try golden.values())
      var previous = -Double.infinity
      for tolerance in [1e-3, 1e-5, 1e-7, 1e-9] {
        var fitting = MixtureFitting()
        fitting.tolerance = tolerance
        let likelihood = GaussianMixture.fit(histogram, fitting).meanLogLikelihood
        #expect(likelihood >= previous - 1e-12, "\(golden.name) at \(tolerance)")
        previous = likelihood
      }
    }
  }

  @Test func fitMovesWithTheValues() throws {
    var generator = SeededGenerator(seed: 12)
    let values =
      normals(2_000, mean: 0.1, deviation: 0.04, using: &generator)
      + normals(3_000, mean: 0.4, deviation: 0.06, using: &generator)
    let mixture = GaussianMixture.fit(values)
    let mirrored = GaussianMixture.fit(values.map { -$0 })
    #expect(abs(mirrored.high.mean + mixture.low.mean) < 1e-6)
    #expect(abs(mirrored.high.weight - mixture.low.weight) < 1e-6)
    // A hundred times narrower: the regularisation must not blur it.
    let narrow = GaussianMixture.fit(values.map { $0 / 100 })
    #expect(abs(narrow.low.weight - mixture.low.weight) < 5e-3)
    #expect(abs(narrow.low.variance / mixture.low.variance * 1e4 - 1) < 0.03)
  }

  @Test(arguments: [[], [0.3], [.nan, .infinity], [0.5, 0.5, 0.5], [.nan, 0.2]] as [[Float]])
  func nothingToFitGivesTheDegenerateMixture(_ values: [Float]) {
    for mixture in [GaussianMixture.fit(values), GaussianMixture.fit(Histogram(values))] {
      #expect(mixture.outcome == .degenerate)
      #expect(!mixture.isConverged)
      #expect(mixture.low.weight == 0.5 && mixture.high.weight == 0.5)
      #expect(mixture.low.variance == 0 && mixture.meanLogLikelihood == 0)
      #expect(mixture.posteriorSafe(0.4) == 0.5)
      #expect(mixture.monotonePosteriorSafe(-0.4) == 0.5)
    }
  }

  @Test(arguments: [[0.1, 0.4], [0.1, 0.1, 0.4], [0, 0, 0, 1], [.nan, 0.1, 0.4, .infinity]])
  func fewValuesGiveFiniteParameters(_ values: [Float]) {
    let mixture = GaussianMixture.fit(values)
    for component in [mixture.low, mixture.high] {
      #expect(component.weight > 0 && component.weight <= 1 + 1e-9)
      #expect(component.variance > 0 && component.variance.isFinite)
      #expect(component.mean.isFinite)
    }
    #expect(mixture.low.mean < mixture.high.mean)
    #expect(mixture.meanLogLikelihood.isFinite)
  }

  @Test func iterationLimitIsReported() throws {
    var fitting = MixtureFitting()
    fitting.maximumIterations = 1
    let mixture = GaussianMixture.fit(try #require(GoldenMixture.all.last).values(), fitting)
    #expect(mixture.outcome == .iterationLimit)
    #expect(mixture.iterations == 1)
  }

  @Test func equalVariancesShareOneVariance() throws {
    let values = try #require(GoldenMixture.all.last).values()
    let mixture = GaussianMixture.fit(values, .equalVariances)
    #expect(mixture.low.variance == mixture.high.variance)
    let sorted = values.sorted()
    let posteriors = mixture.posteriorsSafe(sorted)
    #expect(zip(posteriors, posteriors.dropFirst()).allSatisfy { $0 <= $1 })
  }
}
