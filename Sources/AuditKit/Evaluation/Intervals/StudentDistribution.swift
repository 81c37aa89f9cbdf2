import Foundation

/// Student's t distribution with a whole number of degrees of freedom.
package struct StudentDistribution: Sendable, Hashable {
  /// ν, at least 1.
  package let degreesOfFreedom: Int

  /// The distribution with `degreesOfFreedom` >= 1.
  package init(degreesOfFreedom: Int) {
    precondition(degreesOfFreedom > 0, "\(degreesOfFreedom) degrees of freedom")
    self.degreesOfFreedom = degreesOfFreedom
  }

  /// The probability of -t...t, for t >= 0.
  ///
  /// The finite sums of Abramowitz and Stegun, 1964, 26.7.3 (odd ν) and 26.7.4 (even ν), with
  /// tan θ = t / √ν.
  ///
  /// Complexity: O(ν)
  package func coverage(within t: Double) -> Double {
    let degrees = Double(degreesOfFreedom)
    let length = (degrees + t * t).squareRoot()
    let (sine, cosine) = (t / length, degrees.squareRoot() / length)
    let isOdd = degreesOfFreedom % 2 == 1
    var term = isOdd ? cosine : 1
    var sum = degreesOfFreedom == 1 ? 0 : term
    for factor in stride(from: isOdd ? 3 : 2, through: degreesOfFreedom - 2, by: 2) {
      term *= Double(factor - 1) / Double(factor) * cosine * cosine
      sum += term
    }
    guard isOdd else { return sine * sum }
    return 2 / .pi * (atan(t / degrees.squareRoot()) + sine * sum)
  }

  /// The t for which a value lies in -t...t with probability `level`: the quantile at (1 + level) /
  /// 2.
  ///
  /// `level` lies between 0 and 1.
  package func criticalValue(level: Double) -> Double {
    CriticalValue.holding(level) { coverage(within: $0) }
  }
}
