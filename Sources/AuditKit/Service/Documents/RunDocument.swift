import AuditKit
import AuditReport
import AuditTraining
import Foundation

/// A run in a list, put together from its job and its report.
struct RunLineDocument: Encodable, Sendable {
  var id: String
  var state: String
  var crawl: String
  var method: String
  var preset: String
  var pairs: Int
  var phase: String
  var submittedAt: Date?
  var startedAt: Date?
  var updatedAt: Date?
  var finishedAt: Date?
  var error: String?
  var progress: ProgressDocument?
  var alignment: Double?
  var safeShare: Double?
  var mismatchRate: Double?
  var mismatchRateLow: Double?
  var mismatchRateHigh: Double?

  /// What the report tells.
  init(_ identifier: RunIdentifier, _ run: RunRecord, _ findings: RunFindings) {
    id = identifier.description
    state = run.state.rawValue
    crawl = run.crawlPath
    method = run.method
    preset = run.preset
    pairs = run.pairCount
    phase = run.phase
    startedAt = run.startedAt
    updatedAt = run.updatedAt
    finishedAt = run.finishedAt
    error = run.error
    alignment = findings.alignment
    safeShare = findings.safeShare
    mismatchRate = findings.mismatchRate?.value
    mismatchRateLow = findings.mismatchRate?.low
    mismatchRateHigh = findings.mismatchRate?.high
  }

  /// A job that has no report yet.
  init(_ job: Job) {
    id = job.run.description
    state = job.state.rawValue
    crawl = job.request.crawl
    let settings = job.request.settings
    method = settings.leaf("training.method") ?? ScanConfiguration().training.method.rawValue
    preset = settings.leaf("preset") ?? ScanConfiguration().preset
    pairs = 0
    phase = job.state == .queued ? "waiting" : "starting"
    add(job, progress: nil)
  }

  /// Whether its report says that it runs, and nobody writes there: it was killed, or has ended since this was read.
  func lacksWriter(of report: String) -> Bool {
    state == RunState.running.rawValue && !ReportLock.isHeld(for: report)
  }

  /// A run of another program that was killed never came to say that it is over.
  mutating func checkWriter(of report: String) {
    if lacksWriter(of: report) { state = RunState.stopped.rawValue }
  }

  /// What only the service knows of its own jobs.
  mutating func add(_ job: Job, progress: ProgressDocument?) {
    state = job.state.rawValue
    submittedAt = job.submittedAt
    startedAt = startedAt ?? job.startedAt
    if job.state == .failed { error = job.error ?? error }
    if job.state != .running, job.state != .queued { finishedAt = job.endedAt ?? finishedAt }
    if job.state == .queued || job.state == .running { finishedAt = nil }
    self.progress = job.state == .running ? progress : nil
  }
}

/// What a run has found so far, for lists.
struct RunFindings: Sendable {
  var alignment: Double?
  var safeShare: Double?
  var mismatchRate: EstimateRow?

  init(_ snapshot: ReportSnapshot, _ run: RunRecord) throws {
    let epoch = try snapshot.currentEpoch(of: run)
    alignment = epoch?.alignment
    safeShare = try snapshot.safeSetEpoch(of: run.id)?.safeShare
    mismatchRate = try snapshot.currentEstimates(of: run)
      .first { $0.name == EstimateRow.mismatchRate && $0.subject == .crawl }
  }
}

/// A run in full: a line's fields and more.
struct RunDocument: Encodable, Sendable {
  var line: RunLineDocument
  var rest: Rest

  /// About what one takes in memory, most of it for its configuration.
  static let heldBytes = 16_384

  struct Rest: Encodable, Sendable {
    var report: String
    var number: Int64
    var format: String?
    var seed: UInt64?
    var threads: Int?
    var scoredEpoch: Int?
    var rejected: Int?
    var model: String?
    var queuePosition: Int?
    var isResumable: Bool
    var notices: [NoticeRow] = []
    var versions: [String: String]?
    var host: [String: String]?
    var configuration: SettingValue?
    var trust: String?
    var verdicts = 0
  }

  /// What the report tells.
  init(_ identifier: RunIdentifier, _ snapshot: ReportSnapshot) throws {
    let run = try snapshot.run(identifier.number)
    line = RunLineDocument(identifier, run, try RunFindings(snapshot, run))
    let review = try snapshot.review(of: run.id)
    rest = Rest(
      report: identifier.report + ".sqlite", number: run.id, format: run.crawlFormat,
      seed: run.seed, threads: run.threads, scoredEpoch: run.scoredEpoch,
      rejected: try snapshot.rejectionCounts(of: run.id).reduce(0) { $0 + $1.count },
      model: run.modelPath, isResumable: false, notices: try snapshot.notices(of: run.id),
      versions: run.versions, host: run.host,
      configuration: run.decodedConfiguration, trust: run.decodedSummary?.trust,
      verdicts: review.decided + review.unsure)
  }

  /// A job that has no report yet.
  init(_ job: Job) {
    line = RunLineDocument(job)
    rest = Rest(
      report: job.report + ".sqlite", number: 1, isResumable: false,
      configuration: job.request.settings)
  }

  /// What only the service knows of its own jobs.
  mutating func add(_ job: Job, progress: ProgressDocument?, queuePosition: Int?) {
    line.add(job, progress: progress)
    rest.queuePosition = queuePosition
    rest.isResumable = job.state == .stopped || job.state == .failed
  }

  func encode(to encoder: any Encoder) throws {
    try line.encode(to: encoder)
    try rest.encode(to: encoder)
  }
}

/// A page of runs.
struct RunListDocument: Encodable, Sendable {
  var runs: [RunLineDocument]
  var next: String?
}

extension SettingValue {
  /// The text at a dotted name, nested or not.
  fileprivate func leaf(_ name: String) -> String? {
    for (key, value) in leaves() where key == name {
      if case .text(let text) = value { return text }
    }
    return nil
  }
}
