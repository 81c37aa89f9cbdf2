/// A number estimated from data, with the interval that belongs to it.
public struct IntervalEstimate: Sendable, Hashable, Codable {
  /// The estimate.
  public var value: Double
  /// Lower end of the interval.
  public var lower: Double
  /// Upper end of the interval.
  public var upper: Double
  /// Share of repetitions in which such intervals hold the true value.
  public var level: Double

  /// An estimate with its interval, 95 % unless told otherwise.
  public init(value: Double, lower: Double, upper: Double, level: Double = 0.95) {
    self.value = value
    self.lower = lower
    self.upper = upper
    self.level = level
  }
}

extension IntervalEstimate {
  /// The percentile interval of a bootstrap (Efron and Tibshirani, 1993, chapter 13), widened where
  /// needed to hold the estimate itself.
  ///
  /// `replicates` must not be empty.
  package init(value: Double, replicates: [Double], level: Double = 0.95) {
    let sorted = replicates.sorted()
    func quantile(_ share: Double) -> Double {
      let position = share * Double(sorted.count - 1)
      let below = Int(position)
      let above = min(below + 1, sorted.count - 1)
      return sorted[below] + (position - Double(below)) * (sorted[above] - sorted[below])
    }
    let tail = (1 - level) / 2
    self.init(
      value: value, lower: min(value, quantile(tail)), upper: max(value, quantile(1 - tail)),
      level: level)
  }
}
