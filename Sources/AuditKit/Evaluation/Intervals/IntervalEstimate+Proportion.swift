import AuditRisk

extension IntervalEstimate {
  /// The share of `trials` that are successes, with Wilson's score interval; nil without a trial.
  ///
  /// Wilson, 1927, doi:10.1080/01621459.1927.10502953. It lies in 0...1, and is not a single point
  /// where all trials or none succeed.
  package init?(successes: Int, trials: Int, level: Double = 0.95) {
    precondition(
      successes >= 0 && successes <= max(0, trials), "\(successes) successes in \(trials) trials")
    guard trials > 0 else { return nil }
    self.init(proportion: Double(successes) / Double(trials), trials: trials, level: level)
  }

  /// The same for a proportion in 0...1 that need not be a multiple of 1 / `trials`.
  package init(proportion: Double, trials: Int, level: Double = 0.95) {
    let z = StandardNormal.criticalValue(level: level)
    let count = Double(trials)
    let shrinkage = 1 + z * z / count
    let center = (proportion + z * z / (2 * count)) / shrinkage
    let variance = proportion * (1 - proportion) / count + z * z / (4 * count * count)
    let halfWidth = z * variance.squareRoot() / shrinkage
    // Rounding must neither leave 0...1 nor lose the proportion at its ends.
    self.init(
      value: proportion, lower: max(0, min(proportion, center - halfWidth)),
      upper: min(1, max(proportion, center + halfWidth)), level: level)
  }
}
