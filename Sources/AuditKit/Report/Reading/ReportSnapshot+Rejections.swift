import GRDB

extension ReportSnapshot {
  /// How many pieces of the crawl were rejected for each reason, most frequent first.
  public func rejectionCounts(of run: Int64) throws -> [(reason: String, count: Int)] {
    let rows = try Row.fetchAll(
      database,
      sql: """
        SELECT reason, count(*) AS number FROM rejected WHERE runId = ?
        GROUP BY reason ORDER BY number DESC, reason
        """,
      arguments: [run])
    return rows.map { ($0["reason"], $0["number"]) }
  }

  /// What was rejected, in the crawl's order, for one reason where that is named.
  public func rejections(
    of run: Int64, reason: String? = nil, limit: Int = 1000, offset: Int = 0
  ) throws -> [RejectionRecord] {
    try RejectionRecord.fetchAll(
      database,
      sql: """
        SELECT * FROM rejected WHERE runId = ? \(reason == nil ? "" : "AND reason = ?")
        ORDER BY id LIMIT ? OFFSET ?
        """,
      arguments: [run] + (reason.map { [$0] } ?? []) + [limit, offset])
  }
}
