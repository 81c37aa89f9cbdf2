import AuditDump
import GRDB

extension ReportSnapshot {
  /// The hosts that a run's images came from: those of the most pairs, and those that are riskier than the rest.
  ///
  /// A host is riskier where more of its pairs are outside the safe set than of all other pairs of the run, and where
  /// Fisher's exact test, two-sided, finds that with p < 0.05 / H for H hosts: Bonferroni's correction (O. J. Dunn,
  /// Multiple Comparisons among Means, 1961), so that in a crawl where no host differs the chance that any is named is
  /// at most 5 %. The test takes pairs as drawn one by one; a host that serves one image a thousand times has
  /// less evidence than it counts.
  /// - Parameters:
  ///   - run: the run.
  ///   - limit: at most so many in each list.
  /// - Throws: `ReportError.noRun`; `.notScored` before the first split.
  /// - Returns: both lists.
  /// - Complexity: O(N), in constant memory for each host.
  public func hosts(of run: Int64, limit: Int = 50) throws -> HostList {
    try requireRisks(of: try self.run(run))
    let counts = try hostCounts(of: run)
    let rows = counts.hosts.map { counts.row(of: $0.key, $0.value) }
    let riskier = rows.filter(\.isRiskier)
    return HostList(
      pairCount: rows.reduce(0) { $0 + $1.pairCount }, hostCount: rows.count,
      riskierCount: riskier.count,
      largest: Array(rows.sorted { $0.isLarger(than: $1) }.prefix(limit)),
      riskier: Array(riskier.sorted { $0.isSurer(than: $1) }.prefix(limit)))
  }

  private func hostCounts(of run: Int64) throws -> HostCounts {
    // In one order, so that sums of risks round the same way each time.
    let rows = try Row.fetchCursor(
      database,
      sql: """
        SELECT url, isSafe, risk FROM pair JOIN score USING (runId, ordinal)
        WHERE pair.runId = ? ORDER BY ordinal
        """,
      arguments: [run])
    var counts = HostCounts()
    while let row = try rows.next() {
      counts.add(url: row[0], isSafe: row[1], risk: row[2])
    }
    return counts
  }
}

/// What is counted of a run and of each host.
private struct HostCounts {
  struct Count {
    var pairs = 0
    var risky = 0
    var risk = 0.0

    mutating func add(isSafe: Bool, risk: Double) {
      pairs += 1
      if !isSafe { risky += 1 }
      self.risk += risk
    }
  }

  private var all = Count()
  private(set) var hosts: [String: Count] = [:]

  mutating func add(url: String?, isSafe: Bool, risk: Double) {
    all.add(isSafe: isSafe, risk: risk)
    guard let host = url.flatMap(URLHost.host) else { return }
    hosts[host, default: Count()].add(isSafe: isSafe, risk: risk)
  }

  func row(of host: String, _ count: Count) -> HostRow {
    let others = all.pairs - count.pairs
    let chance = FisherTest.pValue(
      marked: count.risky, of: count.pairs, among: all.risky, of: all.pairs)
    return HostRow(
      host: host, pairCount: count.pairs, riskyCount: count.risky,
      riskyShareOfOthers: others > 0 ? Double(all.risky - count.risky) / Double(others) : nil,
      meanRisk: count.risk / Double(count.pairs), pValue: min(1, chance * Double(hosts.count)))
  }
}

extension HostRow {
  fileprivate func isLarger(than other: HostRow) -> Bool {
    pairCount == other.pairCount ? host < other.host : pairCount > other.pairCount
  }

  fileprivate func isSurer(than other: HostRow) -> Bool {
    pValue == other.pValue ? isLarger(than: other) : pValue < other.pValue
  }
}
