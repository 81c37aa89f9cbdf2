import AuditKit
import AuditReport
import Foundation

/// A report and one of its runs: what text shows and `--json` prints.
package struct ReportDocument: Encodable, Sendable {
  /// The report's file.
  package var report: String
  /// All runs, oldest first.
  package var runs: [RunLine]
  /// The run that the rest is about.
  package var run: Run
  package var notices: [NoticeRow]
  package var epochs: [EpochRow]
  /// Of the end, or of the last epoch that has any.
  package var estimates: [EstimateRow]
  package var measures: [MeasureRow]
  package var rejected: [Rejected]

  /// A run in a list.
  package struct RunLine: Encodable, Sendable {
    package var id: Int64
    package var state: RunState
    package var crawl: String
    package var method: String
    package var preset: String
    package var pairs: Int
    package var startedAt: Date
    package var finishedAt: Date?

    package init(_ run: RunRecord) {
      id = run.id
      state = run.state
      crawl = run.crawlPath
      method = run.method
      preset = run.preset
      pairs = run.pairCount
      startedAt = run.startedAt
      finishedAt = run.finishedAt
    }
  }

  /// A run in full; what the report keeps as JSON text is JSON here.
  package struct Run: Encodable, Sendable {
    package var id: Int64
    package var state: RunState
    package var phase: String
    package var crawl: String
    package var format: String
    package var method: String
    package var preset: String
    package var seed: UInt64
    package var threads: Int
    package var pairs: Int
    /// The epoch whose scores stand.
    package var scoredEpoch: Int?
    package var startedAt: Date
    package var updatedAt: Date
    package var finishedAt: Date?
    package var error: String?
    package var model: String?
    package var versions: [String: String]
    package var host: [String: String]
    package var configuration: SettingValue?
    package var summary: ScanSummary?

    package init(_ run: RunRecord) {
      id = run.id
      state = run.state
      phase = run.phase
      crawl = run.crawlPath
      format = run.crawlFormat
      method = run.method
      preset = run.preset
      seed = run.seed
      threads = run.threads
      pairs = run.pairCount
      scoredEpoch = run.scoredEpoch
      startedAt = run.startedAt
      updatedAt = run.updatedAt
      finishedAt = run.finishedAt
      error = run.error
      model = run.modelPath
      versions = run.versions
      host = run.host
      configuration = run.decodedConfiguration
      summary = run.decodedSummary
    }
  }

  /// A reason and how often it came up.
  package struct Rejected: Encodable, Sendable {
    package var reason: String
    package var count: Int
  }

  /// Reads all of it from one state of the report.
  package init(_ snapshot: ReportSnapshot, _ record: RunRecord, path: String) throws {
    report = path
    runs = try snapshot.runs().map(RunLine.init)
    run = Run(record)
    notices = try snapshot.notices(of: record.id)
    epochs = try snapshot.epochs(of: record.id)
    estimates = try snapshot.currentEstimates(of: record)
    measures = try snapshot.measures(of: record.id)
    rejected = try snapshot.rejectionCounts(of: record.id)
      .map { Rejected(reason: $0.reason, count: $0.count) }
  }
}
