import AuditReport

/// All verdicts of a run.
struct VerdictListDocument: Encodable, Sendable {
  var run: String
  var verdicts: [VerdictDocument]

  init(_ identifier: RunIdentifier, _ snapshot: ReportSnapshot) throws {
    run = identifier.description
    verdicts = try snapshot.verdicts(of: try snapshot.run(identifier.number).id)
      .map(VerdictDocument.init)
  }
}

/// What an import did.
struct VerdictImportDocument: Encodable, Sendable {
  var run: String
  var imported: Int
  var unchanged: Int
  var unmatched: Int

  init(_ identifier: RunIdentifier, _ result: VerdictImport) {
    run = identifier.description
    imported = result.imported
    unchanged = result.unchanged
    unmatched = result.unmatched
  }
}

/// What could not be read of a crawl.
struct RejectedDocument: Encodable, Sendable {
  var run: String
  var counts: [Count]
  var rejected: [RejectionRecord]
  var next: String?

  struct Count: Encodable, Sendable {
    var reason: String
    var count: Int
  }

  init(
    _ identifier: RunIdentifier, _ snapshot: ReportSnapshot, reason: String?, limit: Int,
    offset: Int
  ) throws {
    let id = try snapshot.run(identifier.number).id
    run = identifier.description
    counts = try snapshot.rejectionCounts(of: id).map { Count(reason: $0.reason, count: $0.count) }
    rejected = try snapshot.rejections(
      of: id, reason: reason, limit: limit + 1, offset: offset)
    if rejected.count > limit {
      rejected.removeLast()
      next = "\(offset + limit)"
    }
  }
}

/// Two runs side by side.
struct ComparisonDocument: Encodable, Sendable {
  var a: Side
  var b: Side
  var inBoth: Int
  var onlyInA: Int
  var onlyInB: Int
  var rankCorrelation: Double?
  var safeInBoth: Int
  var safeOnlyInA: Int
  var safeOnlyInB: Int
  var settings: [SettingDifference]
  var riskierInA: [Mover]
  var riskierInB: [Mover]

  struct Side: Encodable, Sendable {
    var run: String
    var pairs: Int
    var safeCount: Int?
    var alignment: Double?
    var estimates: [EstimateRow]
    var method: String
    var seed: UInt64

    init(_ identifier: RunIdentifier, _ snapshot: ReportSnapshot) throws {
      let record = try snapshot.run(identifier.number)
      let epoch = try snapshot.currentEpoch(of: record)
      run = identifier.description
      pairs = record.pairCount
      safeCount = try snapshot.safeSetEpoch(of: record.id)?.safeCount
      alignment = epoch?.alignment
      estimates = try snapshot.currentEstimates(of: record)
      method = record.method
      seed = record.seed
    }
  }

  struct Mover: Encodable, Sendable {
    var key: String
    var caption: String
    var rankA: Int
    var rankB: Int
    var safeA: Bool
    var safeB: Bool

    init(_ mover: RunComparison.Mover) {
      key = mover.key
      caption = mover.caption
      (rankA, rankB) = mover.ranks
      (safeA, safeB) = mover.isSafe
    }
  }

  init(a: Side, b: Side, _ comparison: RunComparison, settings: [SettingDifference]) {
    self.a = a
    self.b = b
    self.settings = settings
    inBoth = comparison.inBoth
    onlyInA = comparison.onlyInA
    onlyInB = comparison.onlyInB
    rankCorrelation = comparison.rankCorrelation
    safeInBoth = comparison.safeInBoth
    safeOnlyInA = comparison.safeOnlyInA
    safeOnlyInB = comparison.safeOnlyInB
    riskierInA = comparison.riskierInA.map(Mover.init)
    riskierInB = comparison.riskierInB.map(Mover.init)
  }
}
