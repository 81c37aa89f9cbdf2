import AuditRisk
import NeuralKit

/// A linear classifier on frozen features: multinomial logistic regression with a penalty on the
/// squared weights (Radford et al., 2021, section 3.2).
package struct LinearProbe: Sendable {
  /// One row of weights a class, `[C, D]` in row-major order, for features after standardisation.
  package let weights: [Double]
  /// One intercept a class, `[C]`.
  package let intercepts: [Double]
  /// What is done to features first; nil where they are taken as they are.
  package let standardization: FeatureStandardization?
  /// Iterations of L-BFGS made.
  package let iterations: Int
  /// How the fit ended.
  package let outcome: LBFGS.Outcome

  /// Whether the fit reached its tolerance.
  package var isConverged: Bool { outcome == .converged }

  /// How many classes there are.
  package var classCount: Int { intercepts.count }

  /// The class of each of the `features` `[N, D]`: the one with the largest logit, the lowest index
  /// where equal.
  ///
  /// Complexity: O(N C D)
  package func classify(_ features: Tensor, _ backend: any Backend) -> [Int] {
    let matrix = Tensor(
      weights.map { Float($0) }, shape: [classCount, weights.count / classCount])
    let inputs = standardization.map { $0(features) } ?? features
    var classes: [Int] = []
    ClassScores(weights: matrix, backend).forEachBlock(of: inputs) { rows, scores in
      for row in 0..<rows.count {
        classes.append(largestLogit(scores[row * classCount..<(row + 1) * classCount]))
      }
    }
    return classes
  }

  /// The share of `features` `[N, D]` whose class is the label at the same place; nil without any.
  package func accuracy(
    features: Tensor, labels: [Int], _ backend: any Backend
  ) -> IntervalEstimate? {
    Accuracy.estimate(predictions: classify(features, backend), labels: labels)
  }

  private func largestLogit(_ scores: ArraySlice<Float>) -> Int {
    var (best, largest) = (0, -Double.infinity)
    for (index, score) in scores.enumerated() {
      let logit = Double(score) + intercepts[index]
      if logit > largest { (best, largest) = (index, logit) }
    }
    return best
  }
}

extension LinearProbe {
  /// Fits a probe to `features` `[N, D]` with labels in `0..<classCount`, from weights of zero; nil
  /// without an example.
  ///
  /// It minimises what scikit-learn's `LogisticRegression` does for three classes and more,
  ///
  ///     C Σᵢ -log softmax(W xᵢ + b)[yᵢ]  +  1/2 ‖W‖²
  ///
  /// divided by C N, intercepts b unpenalised. For two classes scikit-learn fits the difference of
  /// the rows of W, which is penalised half as much here: with 2 C it gives this model. The
  /// intercept of a class without an example falls until its probability is below the tolerance.
  ///
  /// Complexity: O(N C D) an iteration
  package static func fit(
    features: Tensor, labels: [Int], classCount: Int,
    fitting: LinearProbeFitting = LinearProbeFitting(), _ backend: any Backend
  ) -> LinearProbe? {
    precondition(
      labels.count == features.rowCount, "\(labels.count) labels, features \(features.shape)")
    precondition(
      labels.allSatisfy { (0..<classCount).contains($0) }, "a label is not one of \(classCount)")
    precondition(fitting.inverseRegularization > 0, "C must be positive")
    guard !labels.isEmpty else { return nil }
    let standardization =
      fitting.standardizesFeatures ? FeatureStandardization(of: features) : nil
    let objective = SoftmaxObjective(
      features: standardization.map { $0(features) } ?? features, labels: labels,
      classCount: classCount,
      penalty: 1 / (fitting.inverseRegularization * Double(labels.count)), backend)
    var minimizer = LBFGS()
    minimizer.gradientTolerance = fitting.gradientTolerance
    minimizer.maximumIterations = fitting.maximumIterations
    let start = [Double](repeating: 0, count: objective.parameterCount)
    let solution = minimizer.minimize(from: start) { objective($0) }
    let weightCount = classCount * features.columnCount
    return LinearProbe(
      weights: Array(solution.point[..<weightCount]),
      intercepts: Array(solution.point[weightCount...]), standardization: standardization,
      iterations: solution.iterations, outcome: solution.outcome)
  }
}
