import Foundation

extension GaussianMixture {
  /// Fits to all values by expectation-maximisation (Dempster, Laird and Rubin, 1977), started from
  /// the optimal two-means clustering.
  ///
  /// Values that are NaN or infinite are left out.
  ///
  /// Complexity: O(N log N) once, then O(N) a step.
  public static func fit(
    _ values: [Float], _ fitting: MixtureFitting = MixtureFitting()
  ) -> GaussianMixture {
    fit(WeightedValues(values), fitting)
  }

  /// Fits to a histogram, each value standing at the centre of its bin: the same fit, at a cost that
  /// does not depend on the number of values.
  public static func fit(
    _ histogram: Histogram, _ fitting: MixtureFitting = MixtureFitting()
  ) -> GaussianMixture {
    fit(WeightedValues(histogram), fitting)
  }

  private static func fit(
    _ data: WeightedValues, _ fitting: MixtureFitting
  ) -> GaussianMixture {
    guard let first = data.values.first, let last = data.values.last, first < last else {
      return .degenerate(at: data.values.first ?? 0)
    }
    let iteration = MixtureIteration(data, fitting)
    return run(iteration, from: iteration.start(), fitting)
  }

  /// Fits to a histogram from a mixture that is near; this mixture itself where there is nothing to
  /// fit.
  static func refit(
    _ start: GaussianMixture, to histogram: Histogram, _ fitting: MixtureFitting
  ) -> GaussianMixture {
    let data = WeightedValues(histogram)
    guard data.values.count > 1 else { return start }
    return run(MixtureIteration(data, fitting), from: start, fitting)
  }

  private static func run(
    _ iteration: MixtureIteration, from start: GaussianMixture, _ fitting: MixtureFitting
  ) -> GaussianMixture {
    let tolerance = min(fitting.tolerance, fitting.totalTolerance / iteration.totalWeight)
    var mixture = start
    var previous = -Double.infinity
    var outcome = Outcome.iterationLimit
    var iterations = 0
    while iterations < fitting.maximumIterations {
      let (next, logLikelihood) = iteration.step(from: mixture)
      iterations += 1
      mixture = next
      if abs(logLikelihood - previous) < tolerance {
        outcome = .converged
        break
      }
      previous = logLikelihood
    }
    return GaussianMixture(
      mixture.low, mixture.high, meanLogLikelihood: iteration.meanLogLikelihood(of: mixture),
      iterations: iterations, outcome: outcome)
  }
}

/// Expectation and maximisation on fixed data.
struct MixtureIteration {
  private let data: WeightedValues
  /// The number of values.
  let totalWeight: Double
  /// Values are shifted by their mean, so that sums of squares do not cancel.
  private let shift: Double
  private let regularization: Double
  private let hasEqualVariances: Bool

  init(_ data: WeightedValues, _ fitting: MixtureFitting) {
    self.data = data
    totalWeight = data.totalWeight
    shift = data.mean
    regularization = min(
      fitting.varianceRegularization, 1e-3 * data.variance(about: data.mean))
    hasEqualVariances = fitting.hasEqualVariances
  }

  /// The mixture in which each cluster of the two-means clustering is one component.
  func start() -> GaussianMixture {
    let cut = data.twoMeansCut()
    var low = ComponentMoments()
    var high = ComponentMoments()
    for index in data.values.indices {
      if index < cut {
        low.add(data.values[index] - shift, weight: data.weights[index])
      } else {
        high.add(data.values[index] - shift, weight: data.weights[index])
      }
    }
    return maximize(low, high)
  }

  /// One step; the log likelihood is that of the mixture it started from.
  func step(from mixture: GaussianMixture) -> (GaussianMixture, meanLogLikelihood: Double) {
    var low = ComponentMoments()
    var high = ComponentMoments()
    let logLikelihood = scan(mixture) { value, weight, posterior in
      low.add(value - shift, weight: weight * (1 - posterior))
      high.add(value - shift, weight: weight * posterior)
    }
    return (maximize(low, high), logLikelihood)
  }

  func meanLogLikelihood(of mixture: GaussianMixture) -> Double {
    scan(mixture) { _, _, _ in }
  }

  /// Calls `body` with each value, its weight and its posterior of the high component.
  @inline(__always)
  private func scan(
    _ mixture: GaussianMixture, _ body: (Double, Double, Double) -> Void
  ) -> Double {
    let logOdds = mixture.logOdds
    let lowConstant =
      log(mixture.low.weight) - 0.5 * log(2 * .pi * mixture.low.variance)
    let lowPrecision = 0.5 / mixture.low.variance
    var sum = 0.0
    for index in data.values.indices {
      let value = data.values[index]
      let weight = data.weights[index]
      let odds = logOdds(value)
      // log(1 + exp(odds)) and the logistic function share one exponential.
      let power = exp(-abs(odds))
      let posterior = odds >= 0 ? 1 / (1 + power) : power / (1 + power)
      let distance = value - mixture.low.mean
      sum +=
        weight
        * (lowConstant - lowPrecision * distance * distance + max(odds, 0)
          + log1p(power))
      body(value, weight, posterior)
    }
    return sum / totalWeight
  }

  private func maximize(_ low: ComponentMoments, _ high: ComponentMoments) -> GaussianMixture {
    // As scikit-learn: a component that explains nothing keeps a weight whose logarithm exists.
    let floor = 10 * Double.ulpOfOne
    func component(_ moments: ComponentMoments, scatter: Double, weight: Double)
      -> GaussianMixture.Component
    {
      GaussianMixture.Component(
        weight: (moments.weight + floor) / totalWeight, mean: moments.mean + shift,
        variance: scatter / max(weight, floor) + regularization)
    }
    if hasEqualVariances {
      let scatter = low.scatter + high.scatter
      return GaussianMixture(
        component(low, scatter: scatter, weight: totalWeight),
        component(high, scatter: scatter, weight: totalWeight))
    }
    return GaussianMixture(
      component(low, scatter: low.scatter, weight: low.weight),
      component(high, scatter: high.scatter, weight: high.weight))
  }
}
