import GRDB

/// Two runs of a crawl side by side; pairs are matched by key.
public struct RunComparison: Sendable {
  /// A pair that one run finds riskier than the other.
  public struct Mover: Sendable {
    /// The pair's key.
    public let key: String
    /// The pair's caption in the first run.
    public let caption: String
    /// Ranks in both runs, from 1 (riskiest).
    public let ranks: (a: Int, b: Int)
    /// Whether it is in the safe sets.
    public let isSafe: (a: Bool, b: Bool)
    /// Place in the first run's ranking less that in the second's, each in 0...1: negative where the first finds it riskier.
    let move: Double
  }

  /// Pairs that both runs have.
  public private(set) var inBoth = 0
  /// Pairs of the first run alone.
  public private(set) var onlyInA = 0
  /// Pairs of the second run alone.
  public private(set) var onlyInB = 0
  /// Pairs of both safe sets.
  public private(set) var safeInBoth = 0
  /// Pairs in both runs and in the first safe set alone.
  public private(set) var safeOnlyInA = 0
  /// Pairs in both runs and in the second safe set alone.
  public private(set) var safeOnlyInB = 0
  /// Spearman's correlation of the ranks of pairs in both runs; nil for fewer than two.
  ///
  /// Computed as Pearson's correlation of the ranks as they are: exact where both runs have the same pairs.
  public var rankCorrelation: Double? { moments.correlation }
  /// Those that the first run finds riskier by the most, most first.
  public private(set) var riskierInA: [Mover] = []
  /// Those that the second run finds riskier by the most, most first.
  public private(set) var riskierInB: [Mover] = []

  private var moments = RankMoments()
  private let moverLimit: Int

  init(moverLimit: Int) { self.moverLimit = moverLimit }

  mutating func add(_ a: RankedKey?, _ b: RankedKey?, counts: (a: Int, b: Int)) {
    guard let a, let b else {
      if a != nil { onlyInA += 1 } else { onlyInB += 1 }
      return
    }
    inBoth += 1
    switch (a.isSafe, b.isSafe) {
    case (true, true): safeInBoth += 1
    case (true, false): safeOnlyInA += 1
    case (false, true): safeOnlyInB += 1
    case (false, false): break
    }
    moments.add(Double(a.rank), Double(b.rank))
    let move = Double(a.rank) / Double(counts.a) - Double(b.rank) / Double(counts.b)
    if move < 0 {
      Self.keep(a, b, move, in: &riskierInA, limit: moverLimit)
    } else {
      Self.keep(a, b, move, in: &riskierInB, limit: moverLimit)
    }
  }

  /// Keeps the list sorted; few pairs move far enough to get in, so that an insertion is cheap.
  private static func keep(
    _ a: RankedKey, _ b: RankedKey, _ move: Double, in list: inout [Mover], limit: Int
  ) {
    guard move != 0, limit > 0 else { return }
    if list.count == limit, let last = list.last, abs(last.move) >= abs(move) { return }
    let mover = Mover(
      key: a.key, caption: a.caption, ranks: (a.rank, b.rank), isSafe: (a.isSafe, b.isSafe),
      move: move)
    let place = list.firstIndex { abs($0.move) < abs(move) } ?? list.count
    list.insert(mover, at: place)
    if list.count > limit { list.removeLast() }
  }
}

/// A pair's key with its place, as a comparison reads it.
struct RankedKey: FetchableRecord {
  let key: String
  let caption: String
  let rank: Int
  let isSafe: Bool

  init(row: Row) {
    key = row[0]
    caption = row[1]
    rank = row[2]
    isSafe = row[3]
  }

  /// All scored pairs of a run by key, and by place in the crawl where several share one.
  static func cursor(_ snapshot: ReportSnapshot, _ run: Int64) throws -> RecordCursor<RankedKey> {
    try fetchCursor(
      snapshot.database,
      sql: """
        SELECT key, caption, rank, isSafe FROM pair JOIN score USING (runId, ordinal)
        WHERE pair.runId = ? ORDER BY key, ordinal
        """,
      arguments: [run])
  }
}

/// Sums from which a correlation follows, kept about the first value so that little is lost to rounding.
private struct RankMoments: Sendable {
  private var count = 0.0
  private var mean = (x: 0.0, y: 0.0)
  private var (xx, yy, xy) = (0.0, 0.0, 0.0)

  /// Welford's update.
  mutating func add(_ x: Double, _ y: Double) {
    count += 1
    let (dx, dy) = (x - mean.x, y - mean.y)
    mean.x += dx / count
    mean.y += dy / count
    xx += dx * (x - mean.x)
    yy += dy * (y - mean.y)
    xy += dx * (y - mean.y)
  }

  var correlation: Double? {
    xx > 0 && yy > 0 ? min(max(-1, xy / (xx * yy).squareRoot()), 1) : nil
  }
}

extension ReportReader {
  /// Compares two runs, of this report or of this and another one.
  ///
  /// - Throws: `ReportError.noRun`; `.notScored` for a run without scores.
  /// - Complexity: O(N + M), in constant memory.
  public func compare(
    _ run: Int64, with other: Int64, in otherReader: ReportReader, movers: Int = 20
  ) throws -> RunComparison {
    try read { a in
      if path == otherReader.path { return try a.compare(run, with: other, in: a, movers: movers) }
      return try otherReader.read { try a.compare(run, with: other, in: $0, movers: movers) }
    }
  }
}

extension ReportSnapshot {
  /// Walks through both runs by key.
  fileprivate func compare(
    _ run: Int64, with other: Int64, in otherSnapshot: ReportSnapshot, movers: Int
  ) throws -> RunComparison {
    let records = (a: try scoredRun(run), b: try otherSnapshot.scoredRun(other))
    let counts = (a: records.a.pairCount, b: records.b.pairCount)
    let cursors = (
      a: try RankedKey.cursor(self, run), b: try RankedKey.cursor(otherSnapshot, other)
    )
    var comparison = RunComparison(moverLimit: movers)
    var (a, b) = (try cursors.a.next(), try cursors.b.next())
    while a != nil || b != nil {
      let isA = b.map { b in a.map { !b.key.precedes($0.key) } ?? false } ?? true
      let isB = a.map { a in b.map { !a.key.precedes($0.key) } ?? false } ?? true
      comparison.add(isA ? a : nil, isB ? b : nil, counts: counts)
      if isA { a = try cursors.a.next() }
      if isB { b = try cursors.b.next() }
    }
    return comparison
  }

  private func scoredRun(_ id: Int64) throws -> RunRecord {
    let record = try run(id)
    guard record.scoredEpoch != nil || record.state == .finished else {
      throw ReportError.notScored(run: id, phase: record.phase)
    }
    return record
  }
}

extension String {
  /// SQLite's order of texts: byte by byte.
  fileprivate func precedes(_ other: String) -> Bool {
    utf8.lexicographicallyPrecedes(other.utf8)
  }
}
