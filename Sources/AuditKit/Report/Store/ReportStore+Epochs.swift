import Foundation
import GRDB

extension ReportStore {
  /// Records what an epoch did, the scores it left and the safe set it chose, in one transaction; before the first
  /// scores, captions and keys are made ready to be searched.
  ///
  /// Recording an epoch again replaces it and everything after it, so write the report first and the
  /// checkpoint second: whichever of them a kill leaves behind, resuming ends with the same report.
  /// Scores of a discarded epoch disappear too. Which pairs are safe follows the safe set, also where scores stay those of an
  /// earlier epoch.
  /// - Parameters:
  ///   - epoch: at most one after the last recorded one.
  ///   - run: the run.
  ///   - estimates: made after this epoch.
  ///   - scores: of all pairs, where the epoch scored any; the others' being their last ones.
  ///   - safeSet: chosen by these scores or, without any, by those of an earlier epoch.
  /// - Throws: `ReportError.epochGap`, `.wrongCount`, `.invalidValue`, `.incompleteScores`, `.noRun`,
  ///   `.runIsFinished`.
  public func recordEpoch(
    _ epoch: EpochRow, of run: Int64, estimates: [EstimateRow] = [], scores: PairScores? = nil,
    safeSet: SafeSetBitmap? = nil
  ) throws(ReportError) {
    if scores != nil { try indexTexts(of: run) }
    try write("Recording epoch \(epoch.number)") { database in
      let pairCount = try Self.pairCount(ofOpenRun: run, database)
      try Self.discardEpochs(
        from: epoch.number, of: run, hasScores: scores != nil, database)
      try Self.insert(epoch, run, database)
      try Self.insert(estimates, run, epoch: epoch.number, database)
      if let scores {
        try Self.replaceScores(
          scores, safeSet: safeSet, of: run, pairCount: pairCount, isFinal: false, database)
        try database.execute(
          sql: "UPDATE run SET scoredEpoch = ? WHERE id = ?", arguments: [epoch.number, run])
      }
      if let safeSet {
        try Self.requireScores(of: run, for: safeSet, pairCount: pairCount, database)
        try Self.insertHistory(safeSet, epoch.number, run, database)
        if scores == nil { try Self.updateSafety(safeSet, of: run, database) }
      }
      try database.execute(
        sql: "UPDATE run SET updatedAt = ? WHERE id = ?", arguments: [Date(), run])
    }
    settle()
  }

  /// Writes the last scores, estimates and evaluations, and closes the run for good.
  ///
  /// - Parameters:
  ///   - run: the run.
  ///   - scores: of all pairs, with their risks.
  ///   - safeSet: the final one.
  ///   - estimates: the final ones.
  ///   - measures: evaluations of the model.
  ///   - modelPath: where the model lies, if it was kept.
  ///   - summary: a JSON object for the reader at the end.
  ///   - phase: the last word on what the run does.
  /// - Throws: as `recordEpoch`; `.incompleteScores` where the scores have no risks.
  public func finishRun(
    _ run: Int64, scores: PairScores, safeSet: SafeSetBitmap, estimates: [EstimateRow] = [],
    measures: [MeasureRow] = [], modelPath: String? = nil, summary: String? = nil,
    phase: String = "finished"
  ) throws(ReportError) {
    try indexTexts(of: run)
    try write("Finishing a run") { database in
      let pairCount = try Self.pairCount(ofOpenRun: run, database)
      guard scores.risks != nil else {
        throw ReportError.incompleteScores(reason: "a finished run has a risk for every pair")
      }
      try Self.replaceScores(
        scores, safeSet: safeSet, of: run, pairCount: pairCount, isFinal: true, database)
      try database.execute(
        sql: "DELETE FROM estimate WHERE runId = ? AND epoch IS NULL", arguments: [run])
      try Self.insert(estimates, run, epoch: nil, database)
      try Self.insert(measures, run, database)
      let now = Date()
      try database.execute(
        sql: """
          UPDATE run SET state = 'finished', phase = ?, updatedAt = ?, finishedAt = ?, error = NULL,
            modelPath = ?, summary = ?
          WHERE id = ?
          """,
        arguments: [phase, now, now, modelPath, summary, run])
    }
    settle()
  }

  /// Adds evaluations to a run, finished or not; one of the same name and subject replaces the other.
  ///
  /// - Throws: `ReportError.noRun`.
  public func addMeasures(_ measures: [MeasureRow], to run: Int64) throws(ReportError) {
    try write("Adding measures") { database in
      try Self.requireRun(run, database)
      try Self.insert(measures, run, database)
    }
  }

  /// A safe set is chosen by scores, so the run has some by now.
  private static func requireScores(
    of run: Int64, for safeSet: SafeSetBitmap, pairCount: Int, _ database: Database
  ) throws {
    guard safeSet.pairCount == pairCount else {
      throw ReportError.wrongCount(
        what: "bits of the safe set", found: safeSet.pairCount, pairCount: pairCount)
    }
    let scored = try Int.fetchOne(
      database, sql: "SELECT scoredEpoch FROM run WHERE id = ?", arguments: [run])
    guard scored != nil else {
      throw ReportError.incompleteScores(
        reason: "a safe set comes with the scores it was chosen by, or after them")
    }
  }

  /// Removes epochs from `number` on, and the scores if they are of one of them and no new ones follow.
  private static func discardEpochs(
    from number: Int, of run: Int64, hasScores: Bool, _ database: Database
  ) throws {
    try database.execute(
      sql: "DELETE FROM epoch WHERE runId = ? AND number >= ?", arguments: [run, number])
    let last = try Int.fetchOne(
      database, sql: "SELECT max(number) FROM epoch WHERE runId = ?", arguments: [run])
    let expected = last.map { $0 + 1 } ?? 0
    guard number == expected else {
      throw ReportError.epochGap(run: run, epoch: number, expected: expected)
    }
    let scored = try Int.fetchOne(
      database, sql: "SELECT scoredEpoch FROM run WHERE id = ?", arguments: [run])
    if let scored, scored >= number, !hasScores {
      try database.execute(sql: "DELETE FROM score WHERE runId = ?", arguments: [run])
      try database.execute(
        sql: "UPDATE run SET scoredEpoch = NULL WHERE id = ?", arguments: [run])
    }
  }

  private static func insert(_ epoch: EpochRow, _ run: Int64, _ database: Database) throws {
    let columns = try epoch.databaseDictionary
    let names = columns.keys.sorted()
    try database.execute(
      sql: """
        INSERT INTO epoch (runId, \(names.joined(separator: ", ")))
        VALUES (?\(String(repeating: ", ?", count: names.count)))
        """,
      arguments: [run] + StatementArguments(names.map { columns[$0] ?? .null }))
  }

  private static func insert(
    _ estimates: [EstimateRow], _ run: Int64, epoch: Int?, _ database: Database
  ) throws {
    for estimate in estimates {
      try database.execute(
        sql: """
          INSERT INTO estimate (runId, epoch, name, subject, value, low, high)
          VALUES (?, ?, ?, ?, ?, ?, ?)
          """,
        arguments: [
          run, epoch, estimate.name, estimate.subject.rawValue, estimate.value, estimate.low,
          estimate.high,
        ])
    }
  }

  private static func insert(
    _ measures: [MeasureRow], _ run: Int64, _ database: Database
  ) throws {
    for measure in measures {
      try database.execute(
        sql: """
          INSERT OR REPLACE INTO measure (runId, name, subject, value, low, high)
          VALUES (?, ?, ?, ?, ?, ?)
          """,
        arguments: [
          run, measure.name, measure.subject, measure.value, measure.low, measure.high,
        ])
    }
  }
}
