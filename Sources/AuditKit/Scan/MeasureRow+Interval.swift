import AuditReport
import AuditRisk

extension MeasureRow {
  /// A measure with its interval.
  package init(_ name: String, _ subject: String, _ estimate: IntervalEstimate) {
    self.init(
      name: name, subject: subject, value: estimate.value, low: estimate.lower,
      high: estimate.upper)
  }
}
