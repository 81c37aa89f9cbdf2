/// How a linear probe is fitted.
///
/// The defaults are those of CLIP's example (its README, "Linear-probe evaluation"), but for the
/// tolerance.
package struct LinearProbeFitting: Sendable, Hashable {
  /// Scikit-learn's C: the smaller, the stronger the penalty on the weights.
  package var inverseRegularization = 0.316
  /// Whether features are standardised by the training set first.
  package var standardizesFeatures = false
  /// Stops when no component of the gradient of the mean loss exceeds this in magnitude.
  ///
  /// Components of unit embeddings are small, and so are those of the gradient. Scikit-learn's own
  /// 1e-4 would stop early in version 1.9, whose objective is the mean as it is here.
  package var gradientTolerance = 1e-6
  /// Stops after this many iterations in any case.
  package var maximumIterations = 1_000

  /// The defaults.
  package init() {}
}
