import AuditDump
import AuditKit
import Foundation

/// A scan that somebody submitted.
struct Job: Sendable, Equatable {
  /// Where it stands; what its run found is in the report.
  enum State: String, Codable, Sendable {
    case queued, running, stopped, failed, finished
  }

  /// The name of its report, and so of the job.
  let report: String
  let request: JobRequest
  let submittedAt: Date
  var state = State.queued
  /// Whether it goes on with a run that the report holds.
  var resumes = false
  var startedAt: Date?
  var endedAt: Date?
  var error: String?
  /// Whether its report was there when it ended: where that is gone now, somebody removed the run.
  var hadReport = false

  /// Whether nothing happens to it any more by itself.
  var hasEnded: Bool { state != .queued && state != .running }

  /// The run it makes: a report of a job holds one.
  var run: RunIdentifier { RunIdentifier(report: report, number: 1) }
}

/// What somebody wants to be scanned.
struct JobRequest: Sendable, Equatable, Codable {
  var crawl: String
  var format: CrawlFormat?
  /// Settings over the defaults.
  var settings: SettingValue = .object([:])
  var heldOut: String?
  var keepModel = false
  /// A run whose verdicts this one takes over when it is done.
  var verdictsFrom: String?
}

/// The key of a submission that may come twice, and what came with it.
struct SubmissionKey: Sendable, Equatable {
  var text: String
  /// Of the body as it was sent, before anything of it was looked up.
  var bodyDigest: String
}

/// A job as the process that works on it gets it.
struct WorkOrder: Sendable, Equatable, Codable {
  var request: JobRequest
  /// The report's file.
  var report: String
  var workFolder: String
  var modelOut: String?
  var resume: Bool
  var niceness: Int
  /// Where it may read, and nowhere else.
  var readable: [String]
}

/// What the process tells, a line of JSON each.
enum WorkEvent: Sendable, Equatable, Codable {
  case progress(ProgressDocument)
  /// An epoch is in the report.
  case epoch(Int)
  case notice(String)
  /// The last line of a scan that failed.
  case failed(String)
}
