import NeuralKit

/// Shifts and scales each feature so that the training set has mean 0 and variance 1.
///
/// The variance is that of the set itself, divided by N. A feature that is the same everywhere is
/// shifted only.
package struct FeatureStandardization: Sendable, Hashable {
  /// The mean of each feature, `[D]`.
  package let means: [Double]
  /// The standard deviation of each feature, `[D]`; 1 for a constant one.
  package let deviations: [Double]

  /// The standardisation of `features` `[N, D]`, N at least 1.
  package init(of features: Tensor) {
    let (count, width) = (features.rowCount, features.columnCount)
    precondition(count > 0, "no features to standardise by")
    // Relative to the first row, a constant feature has a mean and deviations of exactly 0.
    let first = (0..<width).map { Double(features[element: $0]) }
    var sums = [Double](repeating: 0, count: width)
    for row in 0..<count {
      for column in 0..<width {
        sums[column] += Double(features[element: row * width + column]) - first[column]
      }
    }
    let means = (0..<width).map { first[$0] + sums[$0] / Double(count) }
    var squares = [Double](repeating: 0, count: width)
    for row in 0..<count {
      for column in 0..<width {
        let distance = Double(features[element: row * width + column]) - means[column]
        squares[column] += distance * distance
      }
    }
    self.means = means
    deviations = squares.map { $0 > 0 ? ($0 / Double(count)).squareRoot() : 1 }
  }

  /// `features` `[N, D]`, standardised by the numbers of the training set.
  package func callAsFunction(_ features: Tensor) -> Tensor {
    let width = features.columnCount
    precondition(width == means.count, "features \(features.shape), \(means.count) means")
    let result = Tensor(uninitialized: features.shape)
    for row in 0..<features.rowCount {
      for column in 0..<width {
        let index = row * width + column
        let distance = Double(features[element: index]) - means[column]
        result[element: index] = Float(distance / deviations[column])
      }
    }
    return result
  }
}
