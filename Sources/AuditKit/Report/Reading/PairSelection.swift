import GRDB

/// A query for pairs in SQL.
struct PairSelection {
  let sql: String
  let arguments: StatementArguments
  private let order: PairQuery.Order

  /// Puts a query into SQL; `ranks` are the final ones that have the risks in question, where those are known.
  ///
  /// - Throws: `ReportError.invalidCursor`; `.notScored` for a search before there are scores, when texts are not indexed.
  init(_ query: PairQuery, of run: RunRecord, ranks: Range<Int>? = nil) throws {
    let isScored = run.scoredEpoch != nil || run.state == .finished
    guard isScored || query.search == nil else {
      throw ReportError.notScored(run: run.id, phase: run.phase)
    }
    let byScore = query.order == .risk || query.order == .similarity
    order = byScore && !isScored ? .ordinal : query.order
    var conditions = PairConditions(run: run.id)
    // The indices on ranks hold final scores only, and SQLite uses them when the query says so.
    if order == .risk, run.state == .finished { conditions.require("isFinal = 1") }
    if let ranks {
      conditions.require("rank >= ? AND rank < ?", [ranks.lowerBound, ranks.upperBound])
    } else {
      if let risk = query.minimumRisk { conditions.require("risk >= ?", [risk]) }
      if let risk = query.maximumRisk { conditions.require("risk <= ?", [risk]) }
    }
    if let isSafe = query.isSafe { conditions.require("isSafe = ?", [isSafe]) }
    conditions.require(query.verdict)
    conditions.require(literals: query.search?.literals ?? [])
    if let after = query.after { try conditions.require(after: after, order) }
    // What the full-text index finds leads, and its scores are looked up one by one.
    let found = query.search?.match.map { _ in PairConditions.found }
    let arguments =
      (query.search?.match.map { conditions.foundArguments($0) } ?? []) + conditions.arguments
    let columns = Self.orderColumns(order)
    if byScore, isScored {
      // Sorting the narrow rows first, and finding captions for those of the page only.
      let source = found.map { "\($0) CROSS JOIN score USING (ordinal)" } ?? "score"
      sql = """
        SELECT \(ScoredPair.columns) FROM (
          SELECT score.* FROM \(source) WHERE \(conditions.text("score")) ORDER BY \(columns) LIMIT ?
        ) AS score JOIN pair USING (runId, ordinal) ORDER BY \(columns)
        """
    } else {
      let source = found.map { "\($0) CROSS JOIN pair USING (ordinal)" } ?? "pair"
      sql = """
        SELECT \(ScoredPair.columns) FROM \(source) \(isScored ? "JOIN" : "LEFT JOIN") score
          USING (runId, ordinal)
        WHERE \(conditions.text("pair")) ORDER BY \(columns) LIMIT ?
        """
    }
    self.arguments = arguments + [query.limit]
  }

  /// Where the page after a pair begins.
  func cursor(after last: ScoredPair) -> PairCursor {
    let value: PairCursor.Value? =
      switch order {
      case .risk: last.score.map { .rank($0.rank) }
      case .similarity: last.score.map { .similarity(Double($0.similarity)) }
      case .key: .key(last.pair.key)
      case .ordinal: nil
      }
    return PairCursor(order: order, ordinal: last.ordinal, value: value)
  }

  private static func orderColumns(_ order: PairQuery.Order) -> String {
    switch order {
    case .risk: "rank"
    case .similarity: "similarity, ordinal"
    case .key: "key, ordinal"
    case .ordinal: "ordinal"
    }
  }
}

/// What is asked of pairs, as a condition in SQL with its arguments.
struct PairConditions {
  /// The pairs that the full-text index finds, by their places.
  static let found = """
    (SELECT rowid - ? AS ordinal FROM pairText WHERE pairText MATCH ? AND rowid BETWEEN ? AND ?)
    """

  private let run: Int64
  private var conditions: [String] = []
  /// Those of `text`, in its order.
  private(set) var arguments: StatementArguments

  init(run: Int64) {
    self.run = run
    arguments = [run]
  }

  /// All conditions; `table` is the one whose run is asked for.
  func text(_ table: String) -> String {
    (["\(table).runId = ?"] + conditions).joined(separator: " AND ")
  }

  /// Those of `found`.
  func foundArguments(_ match: String) -> StatementArguments {
    let first = run * ReportMigrations.pairsPerRun
    return [first, match, first, first + ReportMigrations.pairsPerRun - 1]
  }

  mutating func require(_ condition: String, _ values: StatementArguments = []) {
    conditions.append(condition)
    arguments += values
  }

  mutating func require(_ filter: PairQuery.VerdictFilter?) {
    let reviewed = "ordinal IN (SELECT ordinal FROM verdict WHERE runId = ?"
    switch filter {
    case .only(let verdict): require("\(reviewed) AND verdict = ?)", [run, verdict.rawValue])
    case .any: require("\(reviewed))", [run])
    case PairQuery.VerdictFilter.none?: require("NOT \(reviewed))", [run])
    case nil: break
    }
  }

  mutating func require(literals: [String]) {
    for literal in literals {
      require(
        """
        ordinal IN (SELECT ordinal FROM pair AS text WHERE text.runId = ?
          AND (instr(text.caption, ?) OR instr(text.key, ?)))
        """, [run, literal, literal])
    }
  }

  /// - Throws: `ReportError.invalidCursor` for a page of another order.
  mutating func require(after cursor: PairCursor, _ order: PairQuery.Order) throws {
    switch (order, cursor.order, cursor.value) {
    case (.risk, .risk, .rank(let rank)):
      require("rank > ?", [rank])
    case (.similarity, .similarity, .similarity(let similarity)):
      require("(similarity, ordinal) > (?, ?)", [similarity, cursor.ordinal])
    case (.key, .key, .key(let key)):
      require("(key, ordinal) > (?, ?)", [key, cursor.ordinal])
    case (.ordinal, .ordinal, nil):
      require("ordinal > ?", [cursor.ordinal])
    default:
      throw ReportError.invalidCursor(cursor.description)
    }
  }
}
