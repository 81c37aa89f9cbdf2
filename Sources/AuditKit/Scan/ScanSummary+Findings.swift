import AuditReport
import AuditRisk

extension ScanSummary {
  /// How many pairs the summary names.
  private static let riskiestCount = 10

  /// The pairs of highest risk, riskiest first.
  static func riskiest(
    _ scores: PairScores, order: [Int32], _ records: [PairRecord]
  ) -> [RiskyPair] {
    order.prefix(riskiestCount).map { pair in
      RiskyPair(
        key: records[Int(pair)].key, risk: scores.risks?[Int(pair)] ?? 0,
        similarity: Double(scores.similarities[Int(pair)]), caption: records[Int(pair)].caption)
    }
  }
}

extension ScanSummary.Estimate {
  init(_ row: EstimateRow) {
    self.init(
      name: row.name, subject: row.subject.rawValue, value: row.value, low: row.low,
      high: row.high)
  }
}
