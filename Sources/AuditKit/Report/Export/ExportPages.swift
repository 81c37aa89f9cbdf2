/// An export in pieces, for whoever must not hold up a thread while a client reads: where the next piece begins.
public struct ExportPages: Sendable {
  let run: Int64
  let line: PairLine
  /// The pairs of the next piece.
  let query: PairQuery
  /// Pairs still to come; nil: all there are.
  let remaining: Int?
  let isFirst: Bool
}

extension ReportSnapshot {
  /// Pairs in one piece: a few hundred kilobytes.
  private static let exportPage = 2000

  /// Begins an export in pieces, which together are what `export` writes.
  ///
  /// - Throws: `ReportError.noRun`; `.notScored` before the first split.
  public func exportPages(_ export: PairExport, of run: Int64) throws -> ExportPages {
    ExportPages(
      run: run, line: PairLine(export), query: try query(for: export.choice, of: run),
      remaining: export.choice.limit, isFirst: true)
  }

  /// The next piece, with the header before the first; `rest` is nil after the last.
  ///
  /// - Throws: `ReportError`.
  public func exportPage(_ pages: ExportPages) throws -> (text: String, rest: ExportPages?) {
    var query = pages.query
    query.limit = min(Self.exportPage, pages.remaining ?? .max)
    let page = try pairs(of: pages.run, query)
    var text = pages.isFirst ? pages.line.header : ""
    for pair in page.pairs { text += pages.line.text(pair) }
    let remaining = pages.remaining.map { $0 - page.pairs.count }
    guard let next = page.next, remaining != 0 else { return (text, nil) }
    query.after = next
    return (
      text,
      ExportPages(
        run: pages.run, line: pages.line, query: query, remaining: remaining, isFirst: false)
    )
  }
}
