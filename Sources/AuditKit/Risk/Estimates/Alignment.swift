import Foundation

/// Alignment: the probability that a true pair is more similar than a shuffled one (same images,
/// captions permuted), ties counting half.
///
/// 1/2 means that the similarities know nothing yet.
public enum Alignment {
  /// The area under the ROC curve by midranks, with DeLong's interval on the logit scale (DeLong,
  /// DeLong and Clarke-Pearson, 1988, doi:10.2307/2531595; Sun and Xu, 2014,
  /// doi:10.1109/LSP.2014.2337313), both samples taken as independent.
  ///
  /// They are not quite: pairs share images, and captions come in groups. In a simulation with 500
  /// pairs in 20 classes the interval was 7 % too narrow at an area of 0.62, 22 % at 0.92.
  ///
  /// NaN similarities are left out; without a value on both sides the estimate is NaN in 0...1.
  ///
  /// Complexity: O(N log N)
  public static func measure(truePairs: [Float], shuffledPairs: [Float]) -> IntervalEstimate {
    let positives = truePairs.filter { !$0.isNaN }
    let negatives = shuffledPairs.filter { !$0.isNaN }
    guard !positives.isEmpty, !negatives.isEmpty else {
      return IntervalEstimate(value: .nan, lower: 0, upper: 1)
    }
    let joint = midranks(positives + negatives)
    let ranksOfPositives = midranks(positives)
    let ranksOfNegatives = midranks(negatives)
    let (m, n) = (Double(positives.count), Double(negatives.count))
    // V10: how many shuffled pairs lie below a true one; V01: how many true pairs above a shuffled one.
    let above = positives.indices.map { (joint[$0] - ranksOfPositives[$0]) / n }
    let below = negatives.indices.map {
      1 - (joint[positives.count + $0] - ranksOfNegatives[$0]) / m
    }
    let area = above.reduce(0, +) / m
    let variance = sampleVariance(above) / m + sampleVariance(below) / n
    return interval(area: area, variance: variance, smallerSample: min(m, n))
  }

  private static func interval(
    area: Double, variance: Double, smallerSample: Double
  ) -> IntervalEstimate {
    // Nothing varies when the samples do not overlap (or are all tied): the bound of a proportion
    // with no failure in the smaller sample.
    guard area > 0, area < 1, variance > 0 else {
      let slack = 1 - Foundation.pow(0.025, 1 / smallerSample)
      return IntervalEstimate(
        value: area, lower: max(0, area - slack), upper: min(1, area + slack))
    }
    let logit = log(area / (1 - area))
    let error = 1.959_963_984_540_054 * variance.squareRoot() / (area * (1 - area))
    return IntervalEstimate(
      value: area, lower: logistic(logit - error), upper: logistic(logit + error))
  }

  private static func sampleVariance(_ values: [Double]) -> Double {
    guard values.count > 1 else { return 0 }
    let mean = values.reduce(0, +) / Double(values.count)
    return values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)
  }

  /// Ranks from 1, the mean rank for ties.
  private static func midranks(_ values: [Float]) -> [Double] {
    let order = RiskRanking.ascending(values)
    var ranks = [Double](repeating: 0, count: values.count)
    var start = 0
    while start < order.count {
      var end = start + 1
      while end < order.count, values[Int(order[end])] == values[Int(order[start])] { end += 1 }
      for position in start..<end { ranks[Int(order[position])] = Double(start + end + 1) / 2 }
      start = end
    }
    return ranks
  }
}
