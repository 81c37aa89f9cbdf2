/// How a mixture is fitted.
///
/// The defaults are those with which scikit-learn made `Fixtures/golden/gmm.json`.
///
/// A likelihood can be almost flat: on the golden case `overlapping` the maximum (weight 0.48) is
/// only 0.2 nats above the place where the default tolerance stops (0.43). A smaller tolerance walks
/// to the maximum, in thousands of steps, for a difference that 8 000 values cannot tell apart.
public struct MixtureFitting: Sendable, Hashable, Codable {
  /// Stops when the mean log likelihood of a value rises by less, in nats.
  public var tolerance = 1e-6
  /// Stops not before the log likelihood of all values together rises by less, in nats.
  ///
  /// Binds above 10 000 values, whose likelihood tells smaller differences apart.
  public var totalTolerance = 0.01
  /// Stops after this many steps in any case.
  public var maximumIterations = 1_000
  /// Added to both variances in every step, so that no component collapses on one value.
  ///
  /// At most a thousandth of the variance of all values is added, so that narrow similarities keep
  /// their shape.
  public var varianceRegularization = 1e-6
  /// Whether both components share one variance.
  ///
  /// The posterior is monotone in the value then.
  public var hasEqualVariances = false

  /// The defaults.
  public init() {}

  /// The defaults with one variance for both components.
  public static var equalVariances: MixtureFitting {
    var fitting = MixtureFitting()
    fitting.hasEqualVariances = true
    return fitting
  }
}
