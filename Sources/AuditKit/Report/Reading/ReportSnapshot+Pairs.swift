import GRDB

extension ReportSnapshot {
  /// Gives the pairs of a list one by one to `body`, in constant memory.
  ///
  /// - Throws: `ReportError.noRun`, `.invalidCursor`, and what `body` throws.
  public func forEachPair(
    of run: Int64, _ query: PairQuery, _ body: (ScoredPair) throws -> Void
  ) throws {
    let selection = try selection(query, of: run)
    let pairs = try ScoredPair.fetchCursor(
      database, sql: selection.sql, arguments: selection.arguments)
    while let pair = try pairs.next() { try body(pair) }
  }

  /// A page of a run's pairs.
  ///
  /// - Complexity: O(limit) by ordinal, by key, and by risk in a finished run; a scan of the scores
  ///   otherwise.
  /// - Throws: `ReportError.noRun`; `.invalidCursor` for the end of a page in another order; `.notScored` for a search
  ///   before the first split.
  public func pairs(of run: Int64, _ query: PairQuery = PairQuery()) throws -> PairPage {
    var more = query
    more.limit = query.limit &+ 1
    let selection = try selection(more, of: run)
    var pairs = try ScoredPair.fetchAll(
      database, sql: selection.sql, arguments: selection.arguments)
    guard pairs.count > query.limit else { return PairPage(pairs: pairs, next: nil) }
    pairs.removeLast()
    return PairPage(pairs: pairs, next: pairs.last.map { selection.cursor(after: $0) })
  }

  private func selection(_ query: PairQuery, of run: Int64) throws -> PairSelection {
    let record = try self.run(run)
    let isIndexed = query.order == .risk && record.state == .finished
    let asksForRisk = query.minimumRisk != nil || query.maximumRisk != nil
    let ranks = isIndexed && asksForRisk ? try ranks(of: record, query) : nil
    return try PairSelection(query, of: record, ranks: ranks)
  }

  /// The final ranks that have the risks of a query, found in the index by halving; nil without risks.
  private func ranks(of run: RunRecord, _ query: PairQuery) throws -> Range<Int>? {
    let statement = try database.cachedStatement(
      sql: "SELECT risk FROM score WHERE runId = ? AND rank = ? AND isFinal = 1")
    func firstRank(where isBeyond: (Double) -> Bool) throws -> Int? {
      var (low, high) = (1, run.pairCount + 1)
      while low < high {
        let middle = (low + high) / 2
        guard let risk = try Double.fetchOne(statement, arguments: [run.id, middle]) else {
          return nil
        }
        if isBeyond(risk) { high = middle } else { low = middle + 1 }
      }
      return low
    }
    guard
      let first = try firstRank(where: { risk in query.maximumRisk.map { risk <= $0 } ?? true }),
      let end = try firstRank(where: { risk in query.minimumRisk.map { risk < $0 } ?? false })
    else { return nil }
    return first..<max(first, end)
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
