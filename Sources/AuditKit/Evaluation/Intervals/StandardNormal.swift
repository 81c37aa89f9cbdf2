import Foundation

/// The normal distribution with mean 0 and variance 1.
package enum StandardNormal {
  /// The probability of -z...z, for z >= 0.
  package static func coverage(within z: Double) -> Double { erf(z / 2.0.squareRoot()) }

  /// The z for which a value lies in -z...z with probability `level`: 1.96 for 0.95.
  ///
  /// `level` lies between 0 and 1.
  package static func criticalValue(level: Double) -> Double {
    CriticalValue.holding(level) { coverage(within: $0) }
  }
}
