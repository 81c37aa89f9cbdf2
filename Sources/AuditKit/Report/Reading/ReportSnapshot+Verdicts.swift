import GRDB

/// How far the review of a run has come.
public struct ReviewCounts: Sendable, Equatable {
  /// Pairs called poison.
  public var poison = 0
  /// Pairs called clean.
  public var clean = 0
  /// Pairs looked at without a decision.
  public var unsure = 0
  /// So many of the riskiest pairs are all decided, without a gap.
  public var riskiestReviewed = 0
  /// How many of those are poison.
  public var riskiestPoison = 0
  /// Pairs of the safe set that were called poison.
  public var safeSetPoison = 0

  /// Nothing is reviewed.
  public init() {}

  /// Pairs that were called poison or clean.
  public var decided: Int { poison + clean }
}

extension ReportSnapshot {
  /// The decision about a pair; nil where there is none.
  public func verdict(of run: Int64, ordinal: Int) throws -> VerdictRecord? {
    try verdicts(of: run, ordinals: [ordinal])[ordinal]
  }

  /// The decisions about some pairs, by their places in the crawl.
  public func verdicts(of run: Int64, ordinals: [Int]) throws -> [Int: VerdictRecord] {
    var verdicts: [Int: VerdictRecord] = [:]
    let statement = try database.cachedStatement(
      sql: "SELECT * FROM verdict WHERE runId = ? AND ordinal = ?")
    for ordinal in ordinals {
      verdicts[ordinal] = try VerdictRecord.fetchOne(statement, arguments: [run, ordinal])
    }
    return verdicts
  }

  /// All verdicts of a run with their pairs, newest first.
  public func verdicts(of run: Int64) throws -> [PairVerdict] {
    try PairVerdict.fetchAll(
      database,
      sql: """
        SELECT verdict.*, key, caption, imageSHA256 FROM verdict JOIN pair USING (runId, ordinal)
        WHERE runId = ? ORDER BY decidedAt DESC, ordinal
        """,
      arguments: [run])
  }

  /// How far the review of a run has come.
  ///
  /// - Complexity: O(V log V) for V verdicts.
  public func review(of run: Int64) throws -> ReviewCounts {
    let rows = try Row.fetchCursor(
      database,
      sql: """
        SELECT verdict, rank, isSafe FROM verdict LEFT JOIN score USING (runId, ordinal)
        WHERE runId = ? ORDER BY rank
        """,
      arguments: [run])
    var counts = ReviewCounts()
    while let row = try rows.next() {
      let verdict = try Verdict(column: "verdict", of: row)
      switch verdict {
      case .poison: counts.poison += 1
      case .clean: counts.clean += 1
      case .unsure: counts.unsure += 1
      }
      if verdict == .poison, row["isSafe"] == true { counts.safeSetPoison += 1 }
      if verdict != .unsure, row["rank"] == counts.riskiestReviewed + 1 {
        counts.riskiestReviewed += 1
        if verdict == .poison { counts.riskiestPoison += 1 }
      }
    }
    return counts
  }
}
