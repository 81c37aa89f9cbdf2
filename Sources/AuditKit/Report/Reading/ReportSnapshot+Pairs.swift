import GRDB

extension ReportSnapshot {
  /// Gives the pairs of a list one by one to `body`, in constant memory.
  ///
  /// - Throws: `ReportError.noRun`, `.invalidCursor`, and what `body` throws.
  public func forEachPair(
    of run: Int64, _ query: PairQuery, _ body: (ScoredPair) throws -> Void
  ) throws {
    let selection = try PairSelection(query, of: try self.run(run))
    let pairs = try ScoredPair.fetchCursor(
      database, sql: selection.sql, arguments: selection.arguments)
    while let pair = try pairs.next() { try body(pair) }
  }

  /// A page of a run's pairs.
  ///
  /// - Complexity: O(limit) by ordinal, by key, and by risk in a finished run; a scan of the scores
  ///   otherwise.
  /// - Throws: `ReportError.noRun`; `.invalidCursor` for the end of a page in another order.
  public func pairs(of run: Int64, _ query: PairQuery = PairQuery()) throws -> PairPage {
    var more = query
    more.limit = query.limit &+ 1
    let selection = try PairSelection(more, of: try self.run(run))
    var pairs = try ScoredPair.fetchAll(
      database, sql: selection.sql, arguments: selection.arguments)
    guard pairs.count > query.limit else { return PairPage(pairs: pairs, next: nil) }
    pairs.removeLast()
    return PairPage(pairs: pairs, next: pairs.last.map { selection.cursor(after: $0) })
  }

  /// The pairs that have a key, in the crawl's order: usually one.
  public func pairs(of run: Int64, key: String) throws -> [ScoredPair] {
    try ScoredPair.fetchAll(
      database,
      sql: """
        SELECT \(ScoredPair.columns) FROM pair LEFT JOIN score USING (runId, ordinal)
        WHERE runId = ? AND key = ? ORDER BY ordinal
        """,
      arguments: [run, key.storable])
  }

  /// The pair at a place in the crawl; nil beyond its end.
  public func pair(of run: Int64, ordinal: Int) throws -> ScoredPair? {
    try ScoredPair.fetchOne(
      database,
      sql: """
        SELECT \(ScoredPair.columns) FROM pair LEFT JOIN score USING (runId, ordinal) WHERE runId = ? AND ordinal = ?
        """,
      arguments: [run, ordinal])
  }
}
