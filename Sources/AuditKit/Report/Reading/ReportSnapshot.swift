import GRDB

/// One state of a report: all that is read from it fits together.
public struct ReportSnapshot {
  package let database: Database

  /// All runs, oldest first.
  public func runs() throws -> [RunRecord] {
    try RunRecord.fetchAll(database, sql: "SELECT * FROM run ORDER BY id")
  }

  /// A run by its id.
  ///
  /// - Throws: `ReportError.noRun`.
  public func run(_ id: Int64) throws -> RunRecord {
    let run = try RunRecord.fetchOne(
      database, sql: "SELECT * FROM run WHERE id = ?", arguments: [id])
    guard let run else { throw ReportError.noRun(id: id) }
    return run
  }

  /// The run that began last, of one crawl where that is named; nil where there is none.
  public func latestRun(ofCrawl path: String? = nil) throws -> RunRecord? {
    try RunRecord.fetchOne(
      database,
      sql: "SELECT * FROM run WHERE ?1 IS NULL OR crawlPath = ?1 ORDER BY id DESC LIMIT 1",
      arguments: [path])
  }

  /// What a user should know about a run, in the order it came up.
  public func notices(of run: Int64) throws -> [NoticeRow] {
    try NoticeRow.fetchAll(
      database, sql: "SELECT * FROM notice WHERE runId = ? ORDER BY id", arguments: [run])
  }

  /// A run's epochs in order.
  public func epochs(of run: Int64) throws -> [EpochRow] {
    try EpochRow.fetchAll(
      database, sql: "SELECT * FROM epoch WHERE runId = ? ORDER BY number", arguments: [run])
  }

  /// The epoch with the mixture that the current scores are judged by: theirs where it has one, else the last that has.
  public func currentMixture(of run: RunRecord) throws -> EpochRow? {
    try EpochRow.fetchOne(
      database,
      sql: """
        SELECT * FROM epoch WHERE runId = ? AND lowerMean IS NOT NULL
        ORDER BY number IS ? DESC, number DESC LIMIT 1
        """,
      arguments: [run.id, run.scoredEpoch])
  }

  /// The epoch whose scores are current, or the last one before there are any; nil before the first.
  ///
  /// Later epochs of a run whose split stands train the model further, and say nothing of the scores.
  public func currentEpoch(of run: RunRecord) throws -> EpochRow? {
    try EpochRow.fetchOne(
      database,
      sql: """
        SELECT * FROM epoch WHERE runId = ? ORDER BY number IS ? DESC, number DESC LIMIT 1
        """,
      arguments: [run.id, run.scoredEpoch])
  }

  /// The epoch that tells how large the safe set is now: the last one that has one.
  ///
  /// It may be later than the one whose scores are current, since the safe set grows by another model than risks are from
  /// where mixed training began again after the split.
  public func safeSetEpoch(of run: Int64) throws -> EpochRow? {
    try EpochRow.fetchOne(
      database,
      sql: """
        SELECT * FROM epoch WHERE runId = ? AND safeCount IS NOT NULL ORDER BY number DESC LIMIT 1
        """,
      arguments: [run])
  }

  /// The estimates of an epoch, or the final ones for nil.
  public func estimates(of run: Int64, epoch: Int? = nil) throws -> [EstimateRow] {
    try EstimateRow.fetchAll(
      database, sql: "SELECT * FROM estimate WHERE runId = ? AND epoch IS ? ORDER BY id",
      arguments: [run, epoch])
  }

  /// The estimates that hold now: the final ones, or those of the epoch whose scores are current.
  public func currentEstimates(of run: RunRecord) throws -> [EstimateRow] {
    let final = try estimates(of: run.id)
    guard final.isEmpty, let epoch = run.scoredEpoch else { return final }
    return try estimates(of: run.id, epoch: epoch)
  }

  /// The evaluations of a run.
  public func measures(of run: Int64) throws -> [MeasureRow] {
    try MeasureRow.fetchAll(
      database, sql: "SELECT * FROM measure WHERE runId = ? ORDER BY name, subject",
      arguments: [run])
  }
}
