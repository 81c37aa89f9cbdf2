import AuditEvaluation
import AuditKit
import AuditReport
import AuditRisk

/// How much of a crawl looks wrong, how far to trust that, and what reviewers say.
struct EstimatesDocument: Encodable, Sendable {
  var run: String
  var epoch: Int?
  var pairs: Int
  var safeCount: Int?
  var estimates: [EstimateRow]
  var measures: [MeasureRow]
  var alignment: Double?
  var trust: String?
  var review: ReviewDocument

  init(_ identifier: RunIdentifier, _ snapshot: ReportSnapshot) throws {
    let record = try snapshot.run(identifier.number)
    let current = try snapshot.currentEpoch(of: record)
    let isFinal = try !snapshot.estimates(of: record.id).isEmpty
    run = identifier.description
    epoch = isFinal ? nil : record.scoredEpoch
    pairs = record.pairCount
    safeCount = try snapshot.safeSetEpoch(of: record.id)?.safeCount
    estimates = try snapshot.currentEstimates(of: record)
    measures = try snapshot.measures(of: record.id)
    alignment = current?.alignment
    trust = record.decodedSummary?.trust
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
  var poisonShare: MeasureRow?
  var safeSetPoison: Int

  init(_ counts: ReviewCounts) {
    poison = counts.poison
    clean = counts.clean
    unsure = counts.unsure
    riskiestReviewed = counts.riskiestReviewed
    riskiestPoison = counts.riskiestPoison
    safeSetPoison = counts.safeSetPoison
    poisonShare = IntervalEstimate(successes: counts.poison, trials: counts.decided).map { share in
      MeasureRow(
        name: "poisonShare", subject: "reviewed", value: share.value, low: share.lower,
        high: share.upper)
    }
  }
}
