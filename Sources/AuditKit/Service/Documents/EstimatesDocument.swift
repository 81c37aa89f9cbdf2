import AuditKit
import AuditReport
import AuditRisk

/// How much of a crawl looks wrong, how far to trust that, and what reviewers say.
struct EstimatesDocument: Encodable, Sendable {
  var run: String
  var epoch: Int?
  var pairs: Int
  var safeCount: Int?
  var estimates: [EstimateDocument]
  var measures: [EstimateDocument]
  var alignment: Double?
  var trust: String?
  var review: ReviewDocument

  init(_ identifier: RunIdentifier, _ snapshot: ReportSnapshot) throws {
    let document = try RunDocument(identifier, snapshot)
    let record = try snapshot.run(identifier.number)
    let isFinal = try !snapshot.estimates(of: record.id).isEmpty
    run = identifier.description
    epoch = isFinal ? nil : record.scoredEpoch
    pairs = record.pairCount
    safeCount = try snapshot.currentEpoch(of: record)?.safeCount
    estimates = try snapshot.currentEstimates(of: record).map { EstimateDocument($0) }
    measures = try snapshot.measures(of: record.id).map { EstimateDocument($0) }
    alignment = document.line.alignment
    trust = document.rest.trust
    review = ReviewDocument(try snapshot.review(of: record.id))
  }
}

/// What reviewers decided so far.
struct ReviewDocument: Encodable, Sendable {
  var poison: Int
  var clean: Int
  var unsure: Int
  var riskiestReviewed: Int
  var riskiestPoison: Int
  var poisonShare: EstimateDocument?
  var safeSetPoison: Int

  init(_ counts: ReviewCounts) {
    poison = counts.poison
    clean = counts.clean
    unsure = counts.unsure
    riskiestReviewed = counts.riskiestReviewed
    riskiestPoison = counts.riskiestPoison
    safeSetPoison = counts.safeSetPoison
    if counts.decided > 0 {
      let interval = Self.wilson(counts.poison, of: counts.decided)
      poisonShare = EstimateDocument(
        name: "poisonShare", subject: "reviewed",
        value: Double(counts.poison) / Double(counts.decided), low: interval.low,
        high: interval.high)
    }
  }

  /// Wilson's 95 % interval of a share (Wilson, 1927).
  static func wilson(_ count: Int, of total: Int) -> (low: Double, high: Double) {
    let (z, n) = (1.959963984540054, Double(total))
    let share = Double(count) / n
    let center = share + z * z / (2 * n)
    let half = z * (share * (1 - share) / n + z * z / (4 * n * n)).squareRoot()
    let scale = 1 + z * z / n
    return (max(0, (center - half) / scale), min(1, (center + half) / scale))
  }
}
