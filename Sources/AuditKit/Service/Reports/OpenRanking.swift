import AuditReport
import Foundation

/// The order of an unfinished run's pairs, with the scores that it is the order of.
struct OpenRanking: Sendable {
  let ranking: PairRanking
  let scores: OpenScores

  /// Reads both from one state of the report; nil where there is no such order.
  init?(_ snapshot: ReportSnapshot, of run: Int64) throws {
    guard let scores = OpenScores(try snapshot.run(run)),
      let ranking = try snapshot.ranking(of: run)
    else { return nil }
    self.scores = scores
    self.ranking = ranking
  }
}

/// Which scores of an unfinished run stand.
///
/// Notices and phases change a report as well; the order of its pairs is another one with each epoch only.
struct OpenScores: Hashable, Sendable, CustomStringConvertible {
  private let epoch: Int
  private let startedAt: Date

  /// Nil where the run is finished, whose order SQLite has at hand, or has no scores yet.
  init?(_ run: RunRecord) {
    guard run.state != .finished, let epoch = run.scoredEpoch else { return nil }
    self.epoch = epoch
    startedAt = run.startedAt
  }

  var description: String { "\(epoch)/\(startedAt.timeIntervalSince1970)" }
}
