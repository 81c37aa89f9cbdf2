import GRDB

extension ReportSnapshot {
  /// Writes pairs out one by one, in constant memory.
  ///
  /// - Parameters:
  ///   - export: which pairs, in which format and order.
  ///   - run: the run.
  ///   - sink: takes a record with its line end (LF); a quoted caption may itself hold line ends.
  /// - Throws: `ReportError.notScored` before the first split; what `sink` throws.
  /// - Returns: the number of pairs.
  @discardableResult
  public func export(
    _ export: PairExport, of run: Int64, to sink: (String) throws -> Void
  ) throws -> Int {
    let query = try query(for: export.choice, of: run)
    let line = PairLine(export)
    if !line.header.isEmpty { try sink(line.header) }
    var count = 0
    try forEachPair(of: run, query) { pair in
      try sink(line.text(pair))
      count += 1
    }
    return count
  }

  /// The pairs of an export, which there must be.
  ///
  /// - Throws: `ReportError.noRun`; `.notScored` before the first split.
  func query(for choice: PairChoice, of run: Int64) throws -> PairQuery {
    try requireRisks(of: try self.run(run))
    let isSafe: Bool? =
      switch choice.selection {
      case .risky: false
      case .safe: true
      case .all: nil
      }
    return PairQuery(
      order: choice.order, minimumRisk: choice.minimumRisk, isSafe: isSafe,
      limit: choice.limit ?? PairQuery.noLimit)
  }

  /// Refuses a run whose pairs have no risks yet.
  ///
  /// - Throws: `ReportError.notScored` before the first split.
  func requireRisks(of run: RunRecord) throws {
    let isSplit = try Bool.fetchOne(
      database, sql: "SELECT risk IS NOT NULL FROM score WHERE runId = ? LIMIT 1",
      arguments: [run.id])
    guard isSplit == true || run.pairCount == 0 else {
      throw ReportError.notScored(run: run.id, phase: run.phase)
    }
  }
}
