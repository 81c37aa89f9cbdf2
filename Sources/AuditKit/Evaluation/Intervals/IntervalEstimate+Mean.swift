import AuditRisk

extension IntervalEstimate {
  /// The mean of one value a seed, with Student's interval of n - 1 degrees of freedom (Student,
  /// 1908, doi:10.1093/biomet/6.1.1).
  ///
  /// nil with fewer than two values, since one run says nothing about how runs differ, and nil
  /// where a value is not finite. The interval knows no bounds: a mean of proportions can have an
  /// end outside 0...1.
  package init?(meanOf values: [Double], level: Double = 0.95) {
    guard values.count > 1, values.allSatisfy(\.isFinite) else { return nil }
    let count = Double(values.count)
    let mean = values.reduce(0, +) / count
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let error = (squares / (count - 1) / count).squareRoot()
    let student = StudentDistribution(degreesOfFreedom: values.count - 1)
    let halfWidth = student.criticalValue(level: level) * error
    self.init(value: mean, lower: mean - halfWidth, upper: mean + halfWidth, level: level)
  }
}
