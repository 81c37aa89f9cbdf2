/// A two-component Gaussian mixture on the similarities.
public struct MixtureRow: Sendable, Codable, Equatable {
  /// One component.
  public struct Component: Sendable, Codable, Equatable {
    /// Its share of the pairs, in 0...1.
    public var weight: Double
    /// Mean similarity.
    public var mean: Double
    /// Variance of the similarity.
    public var variance: Double

    /// A component with its three parameters.
    public init(weight: Double, mean: Double, variance: Double) {
      self.weight = weight
      self.mean = mean
      self.variance = variance
    }
  }

  /// The component of the lower mean: pairs that match badly.
  public var lower: Component
  /// The component of the higher mean: pairs that match.
  public var upper: Component

  /// A mixture of two components.
  public init(lower: Component, upper: Component) {
    self.lower = lower
    self.upper = upper
  }
}
