import Foundation

/// The exact interval of a Poisson mean of which `count` events were seen.
///
/// Garwood, 1936, doi:10.1093/biomet/28.3-4.437: the means at which as few or as many events have
/// half the error probability each. With no event the upper end is 3.7 at 95 %.
package enum PoissonInterval {
  package static func bounds(count: Int, level: Double) -> (lower: Double, upper: Double) {
    let tail = (1 - level) / 2
    let seen = Double(count)
    let reach = 10 + 8 * seen.squareRoot() + seen
    let lower =
      count == 0 ? 0 : root(in: 0...seen) { 1 - cumulative(count - 1, mean: $0) >= tail }
    return (lower, root(in: seen...reach) { cumulative(count, mean: $0) <= tail })
  }

  /// P(X <= count): the regularised upper incomplete gamma function Q(count + 1, mean).
  package static func cumulative(_ count: Int, mean: Double) -> Double {
    guard mean > 0 else { return 1 }
    // Terms are summed outward from the largest one that counts, in units of that term.
    let top = min(count, Int(mean))
    let largest = exp(Double(top) * log(mean) - mean - lgamma(Double(top) + 1))
    var sum = 0.0
    var term = 1.0
    for number in stride(from: top, through: 0, by: -1) {
      sum += term
      term *= Double(number) / mean
      if term < 1e-17 * sum { break }
    }
    term = 1
    for number in stride(from: top + 1, through: count, by: 1) {
      term *= mean / Double(number)
      sum += term
      if term < 1e-17 * sum { break }
    }
    return min(1, largest * sum)
  }

  /// Where `isBeyond` changes from false to true, by bisection.
  private static func root(in range: ClosedRange<Double>, _ isBeyond: (Double) -> Bool) -> Double {
    var (low, high) = (range.lowerBound, range.upperBound)
    for _ in 0..<60 {
      let middle = (low + high) / 2
      if isBeyond(middle) { high = middle } else { low = middle }
    }
    return (low + high) / 2
  }
}
