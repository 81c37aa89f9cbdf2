import GRDB

/// A query for pairs in SQL.
struct PairSelection {
  let sql: String
  let arguments: StatementArguments
  private let order: PairQuery.Order

  /// - Throws: `ReportError.invalidCursor`.
  init(_ query: PairQuery, of run: RunRecord) throws {
    let isScored = run.scoredEpoch != nil || run.state == .finished
    let byScore = query.order == .risk || query.order == .similarity
    order = byScore && !isScored ? .ordinal : query.order
    var conditions = ["runId = ?"]
    var arguments: StatementArguments = [run.id]
    func require(_ condition: String, _ values: StatementArguments) {
      conditions.append(condition)
      arguments += values
    }
    // The index on ranks holds final scores only, and SQLite uses it when the query says so.
    if order == .risk, run.state == .finished { require("isFinal = 1", []) }
    if let minimumRisk = query.minimumRisk { require("risk >= ?", [minimumRisk]) }
    if let isSafe = query.isSafe { require("isSafe = ?", [isSafe]) }
    if let after = query.after {
      let (condition, values) = try Self.condition(after: after, order)
      require(condition, values)
    }
    let condition = conditions.joined(separator: " AND ")
    let orderColumns = Self.orderColumns(order)
    let join = isScored ? "JOIN" : "LEFT JOIN"
    if order == .risk || order == .similarity {
      // Sorting the narrow rows first, and finding captions for those of the page only.
      sql = """
        SELECT \(ScoredPair.columns) FROM (
          SELECT * FROM score WHERE \(condition) ORDER BY \(orderColumns) LIMIT ?
        ) JOIN pair USING (runId, ordinal) ORDER BY \(orderColumns)
        """
    } else {
      sql = """
        SELECT \(ScoredPair.columns) FROM pair \(join) score USING (runId, ordinal)
        WHERE \(condition) ORDER BY \(orderColumns) LIMIT ?
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

  private static func condition(
    after cursor: PairCursor, _ order: PairQuery.Order
  ) throws -> (String, StatementArguments) {
    switch (order, cursor.order, cursor.value) {
    case (.risk, .risk, .rank(let rank)):
      ("rank > ?", [rank])
    case (.similarity, .similarity, .similarity(let similarity)):
      ("(similarity, ordinal) > (?, ?)", [similarity, cursor.ordinal])
    case (.key, .key, .key(let key)):
      ("(key, ordinal) > (?, ?)", [key, cursor.ordinal])
    case (.ordinal, .ordinal, nil):
      ("ordinal > ?", [cursor.ordinal])
    default:
      throw ReportError.invalidCursor(cursor.description)
    }
  }
}
