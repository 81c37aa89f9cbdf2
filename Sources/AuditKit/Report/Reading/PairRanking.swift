import GRDB

/// The pairs of a run in order of their current risks, held in memory.
///
/// While a run is unfinished its ranks have no index (an epoch changes all of them), and a page would cost a
/// look at every pair. Four bytes a pair make pages quick for whoever serves many.
public struct PairRanking: Sendable {
  /// The run.
  public let run: Int64
  /// Places in the crawl, riskiest first `[N]`.
  let ordinals: [UInt32]

  /// Bytes of memory that it takes.
  public var byteCount: Int { 4 * ordinals.count }
}

extension ReportSnapshot {
  /// The current order of a run's pairs; nil before the first scores.
  ///
  /// - Throws: `ReportError.noRun`; `.invalidValue` for a rank beyond the number of pairs.
  /// - Complexity: O(N).
  public func ranking(of run: Int64) throws -> PairRanking? {
    let record = try self.run(run)
    guard record.scoredEpoch != nil else { return nil }
    var ordinals = [UInt32](repeating: 0, count: record.pairCount)
    let rows = try Row.fetchCursor(
      database, sql: "SELECT ordinal, rank FROM score WHERE runId = ?", arguments: [run])
    while let row = try rows.next() {
      let (ordinal, rank): (Int, Int) = (row[0], row[1])
      // A file may say anything, and one of a service's reports must not end the service.
      guard ordinals.indices.contains(ordinal), ordinals.indices.contains(rank - 1) else {
        throw ReportError.invalidValue(what: "rank", ordinal: ordinal, value: "\(rank)")
      }
      ordinals[rank - 1] = UInt32(ordinal)
    }
    return PairRanking(run: run, ordinals: ordinals)
  }

  /// A page of the riskiest pairs by a ranking that was read before.
  ///
  /// - Throws: `ReportError.invalidCursor` for the end of a page in another order.
  /// - Complexity: O(limit).
  public func pairs(
    by ranking: PairRanking, limit: Int, after: PairCursor? = nil
  ) throws -> PairPage {
    var start = 0
    if let after {
      guard after.order == .risk, case .rank(let rank) = after.value else {
        throw ReportError.invalidCursor(after.description)
      }
      start = max(0, rank)
    }
    let rest = ranking.ordinals.dropFirst(start)
    guard !rest.isEmpty, limit > 0 else { return PairPage(pairs: [], next: nil) }
    let end = rest.startIndex + min(limit, rest.count)
    let pairs = try ranking.ordinals[start..<end].compactMap {
      try pair(of: ranking.run, ordinal: Int($0))
    }
    let next = end < ranking.ordinals.count ? pairs.last : nil
    return PairPage(
      pairs: pairs,
      next: next.map { PairCursor(order: .risk, ordinal: $0.ordinal, value: .rank(end)) })
  }
}
