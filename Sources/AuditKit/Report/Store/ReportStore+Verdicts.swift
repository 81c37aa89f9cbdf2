import Foundation
import GRDB

/// What became of verdicts that were brought from elsewhere.
public struct VerdictImport: Sendable, Equatable {
  /// New here, or newer than what was here.
  public var imported = 0
  /// Here already, the same or newer.
  public var unchanged = 0
  /// About pairs that this run does not have, or has with another image or caption.
  public var unmatched = 0

  /// Nothing came.
  public init() {}
}

extension ReportStore {
  /// Keeps a decision about a pair, in place of an earlier one.
  ///
  /// - Throws: `ReportError.noRun`, `.noPair`.
  public func setVerdict(
    _ verdict: VerdictRecord, of run: Int64, ordinal: Int
  ) throws(ReportError) {
    try write("Keeping a verdict") { database in
      try Self.requirePair(run, ordinal, database)
      try Self.insert(verdict, run, ordinal, database)
    }
  }

  /// Takes a decision back; false where there was none.
  ///
  /// - Throws: `ReportError.noRun`, `.noPair`.
  @discardableResult
  public func removeVerdict(of run: Int64, ordinal: Int) throws(ReportError) -> Bool {
    try write("Removing a verdict") { database in
      try Self.requirePair(run, ordinal, database)
      try database.execute(
        sql: "DELETE FROM verdict WHERE runId = ? AND ordinal = ?", arguments: [run, ordinal])
      return database.changesCount > 0
    }
  }

  /// Takes verdicts of another run or report over.
  ///
  /// A verdict is about an image with a caption: it is taken over where this run has a pair of the same key,
  /// caption and (where both are known) image, and no newer verdict about it.
  /// - Throws: `ReportError.noRun`.
  public func importVerdicts(
    _ verdicts: [PairVerdict], to run: Int64
  ) throws(ReportError) -> VerdictImport {
    try write("Importing verdicts") { database in
      try Self.requireRun(run, database)
      var result = VerdictImport()
      for verdict in verdicts {
        let ordinals = try Self.pairs(of: run, like: verdict, database)
        if ordinals.isEmpty { result.unmatched += 1 }
        for ordinal in ordinals {
          let present = try ReportSnapshot(database: database).verdict(of: run, ordinal: ordinal)
          if let present, present.decidedAt >= verdict.record.decidedAt {
            result.unchanged += 1
          } else {
            try Self.insert(verdict.record, run, ordinal, database)
            result.imported += 1
          }
        }
      }
      return result
    }
  }

  private static func pairs(
    of run: Int64, like verdict: PairVerdict, _ database: Database
  ) throws -> [Int] {
    try Int.fetchAll(
      database,
      sql: """
        SELECT ordinal FROM pair WHERE runId = ? AND key = ? AND caption = ?
          AND (imageSHA256 IS NULL OR ?4 IS NULL OR imageSHA256 = ?4)
        """,
      arguments: [
        run, verdict.key.storable, verdict.caption.storable, verdict.imageSHA256.map { Data($0) },
      ])
  }

  private static func insert(
    _ verdict: VerdictRecord, _ run: Int64, _ ordinal: Int, _ database: Database
  ) throws {
    try database.execute(
      sql: """
        INSERT OR REPLACE INTO verdict (runId, ordinal, verdict, note, reviewer, decidedAt)
        VALUES (?, ?, ?, ?, ?, ?)
        """,
      arguments: [
        run, ordinal, verdict.verdict.rawValue, verdict.note?.storable,
        verdict.reviewer?.storable, verdict.decidedAt,
      ])
  }

  private static func requirePair(_ run: Int64, _ ordinal: Int, _ database: Database) throws {
    try requireRun(run, database)
    let isThere = try Bool.fetchOne(
      database, sql: "SELECT 1 FROM pair WHERE runId = ? AND ordinal = ?",
      arguments: [run, ordinal])
    guard isThere != nil else { throw ReportError.noPair(run: run, ordinal: ordinal) }
  }
}
