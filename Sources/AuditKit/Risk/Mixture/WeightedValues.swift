import Foundation

/// Values in ascending order with weights: what the fit iterates over, made once.
struct WeightedValues {
  /// Finite, ascending.
  private(set) var values: [Double]
  /// As many, positive.
  private(set) var weights: [Double]

  /// Every finite value with weight 1.
  init(_ values: [Float]) {
    self.values = values.lazy.filter(\.isFinite).map(Double.init).sorted()
    weights = [Double](repeating: 1, count: self.values.count)
  }

  /// The centres of the bins that are not empty, weighted by their counts.
  init(_ histogram: Histogram) {
    values = []
    weights = []
    for (bin, count) in histogram.counts.enumerated() where count > 0 {
      values.append(histogram.center(of: bin))
      weights.append(Double(count))
    }
  }

  var totalWeight: Double { weights.reduce(0, +) }

  var mean: Double {
    zip(values, weights).reduce(0) { $0 + $1.0 * $1.1 } / totalWeight
  }

  func variance(about mean: Double) -> Double {
    zip(values, weights).reduce(0) { $0 + ($1.0 - mean) * ($1.0 - mean) * $1.1 } / totalWeight
  }

  /// The number of leading values in the lower cluster of the optimal two-means clustering, by one
  /// scan over all cuts (Otsu, 1979, doi:10.1109/TSMC.1979.4310076: the largest variance between
  /// the clusters).
  ///
  /// Not 0 and not all of two or more distinct values.
  func twoMeansCut() -> Int {
    let total = totalWeight
    let mean = mean
    var weightBelow = 0.0
    var sumBelow = 0.0
    var best = (cut: 1, between: -Double.infinity)
    for index in 0..<max(0, values.count - 1) {
      weightBelow += weights[index]
      sumBelow += (values[index] - mean) * weights[index]
      guard values[index] < values[index + 1] else { continue }
      let between = sumBelow * sumBelow / (weightBelow * (total - weightBelow))
      if between > best.between { best = (index + 1, between) }
    }
    return best.cut
  }
}

/// Weight, sum and sum of squares of one component's share of the values.
struct ComponentMoments {
  var weight = 0.0
  var sum = 0.0
  var squares = 0.0

  mutating func add(_ value: Double, weight: Double) {
    self.weight += weight
    sum += weight * value
    squares += weight * value * value
  }

  /// The mean; 0 without weight.
  var mean: Double { weight > 0 ? sum / weight : 0 }

  /// The sum of weighted squared distances from the mean.
  var scatter: Double { max(0, squares - sum * mean) }
}
