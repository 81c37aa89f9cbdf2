/// A mixture of two Gaussians in one dimension: the low component stands for pairs whose caption
/// does not belong to the image, the high one for pairs that match (Yang, Gao and Mirzasoleiman,
/// "SafeCLIP", ICML 2024, section 4.2, after Permuter et al., 2006).
public struct GaussianMixture: Sendable, Hashable, Codable {
  /// One Gaussian of the mixture.
  public struct Component: Sendable, Hashable, Codable {
    /// Share of the values that this component explains, in 0...1.
    public var weight: Double
    /// Its mean.
    public var mean: Double
    /// Its variance, regularisation included.
    public var variance: Double

    /// A component with these parameters.
    public init(weight: Double, mean: Double, variance: Double) {
      self.weight = weight
      self.mean = mean
      self.variance = variance
    }
  }

  /// How a fit ended.
  public enum Outcome: String, Sendable, Codable, CaseIterable {
    /// The mean log likelihood rose by less than the tolerance.
    case converged
    /// The iterations were used up first.
    case iterationLimit
    /// There was nothing to fit: fewer than two finite values, or all of them equal. Both components
    /// then have weight 1/2, that value (0 without values) as mean and variance 0, the log likelihood
    /// is 0, and every posterior is 1/2.
    case degenerate
  }

  /// The component with the lower mean.
  public var low: Component
  /// The component with the higher mean.
  public var high: Component
  /// Mean log likelihood of a value, in nats.
  public var meanLogLikelihood: Double
  /// Expectation-maximisation steps made.
  public var iterations: Int
  /// How the fit ended.
  public var outcome: Outcome

  /// A mixture with known parameters; the components are put in order of their means.
  public init(
    _ first: Component, _ second: Component, meanLogLikelihood: Double = 0, iterations: Int = 0,
    outcome: Outcome = .converged
  ) {
    (low, high) = first.mean <= second.mean ? (first, second) : (second, first)
    self.meanLogLikelihood = meanLogLikelihood
    self.iterations = iterations
    self.outcome = outcome
  }

  /// Whether the fit reached its tolerance.
  public var isConverged: Bool { outcome == .converged }

  /// The mixture of `Outcome.degenerate`.
  static func degenerate(at value: Double) -> GaussianMixture {
    let half = Component(weight: 0.5, mean: value, variance: 0)
    return GaussianMixture(half, half, outcome: .degenerate)
  }
}
