import AuditReport
import Foundation
import Logging

extension JobQueue {
  /// Starts what may run.
  func schedule() {
    guard !isStopping else { return }
    for job in waiting.prefix(max(0, configuration.maxJobs - running.count)) { begin(job) }
  }

  /// How long what could not be started waits.
  private static let retryInterval = Duration.seconds(5)

  private func scheduleLater() {
    guard retry == nil else { return }
    retry = Task {
      try? await Task.sleep(for: Self.retryInterval)
      retry = nil
      schedule()
    }
  }

  private func begin(_ waiting: Job) {
    var job = waiting
    job.state = .running
    job.startedAt = Date()
    do {
      try keep(job)
    } catch {
      // The disk is full, perhaps: it stays in the queue.
      logger.error("job cannot be started", metadata: ["run": "\(job.run)", "error": "\(error)"])
      scheduleLater()
      return
    }
    logger.notice("job started", metadata: ["run": "\(job.run)"])
    events.setProgress(.starting, run: job.report)
    let (stream, stop) = AsyncStream.makeStream(of: Void.self)
    let order = order(job)
    let report = job.report
    let task = Task {
      let outcome = await process.run(order, stop: stream) { self.publish($0, report) }
      await end(report, outcome)
    }
    running[report] = Running(task: task, stop: stop)
  }

  private func order(_ job: Job) -> WorkOrder {
    let base = "\(folder)/\(job.report)"
    return WorkOrder(
      request: job.request, report: base + ".sqlite", workFolder: base + ".work",
      modelOut: job.request.keepModel ? base + ".model" : nil,
      resume: job.resumes && hasReport(job.report),
      niceness: configuration.niceness, readable: readable)
  }

  private nonisolated func publish(_ event: WorkEvent, _ report: String) {
    switch event {
    case .progress(let progress):
      events.setProgress(progress, run: report)
      events.publish("progress", (try? ServiceJSON.bytes(progress)) ?? [], run: report)
    case .epoch(let number):
      events.publish("epoch", Array(#"{"number":\#(number)}"#.utf8), run: report)
    case .notice(let message):
      events.publish("notice", (try? ServiceJSON.bytes(["message": message])) ?? [], run: report)
    case .failed: break
    }
  }

  /// How long after a scan's end the service's own stop may begin that caused it.
  private static let stopPatience = Duration.seconds(5)

  /// Whether a scan that has ended is gone on with at the next start: the service's stop ended it.
  ///
  /// What is sent to all processes of a unit may end a scan before the service knows that it stops.
  private func goesOn(_ report: String, after outcome: JobProcess.Outcome) async -> Bool {
    switch outcome {
    case .finished, .failed: return false
    case .stopped, .interrupted, .killed: break
    }
    let end = ContinuousClock.now + Self.stopPatience
    while !isStopping, running[report]?.isCancelled == false, .now < end {
      try? await Task.sleep(for: .milliseconds(50))
    }
    return isStopping && running[report]?.isCancelled == false
  }

  private func end(_ report: String, _ outcome: JobProcess.Outcome) async {
    let goesOn = await goesOn(report, after: outcome)
    let isCancelled = running.removeValue(forKey: report)?.isCancelled == true
    guard var job = jobs[report] else { return }
    job.endedAt = Date()
    switch outcome {
    case .finished: job.state = .finished
    case _ where goesOn:
      job.state = .queued
      job.resumes = true
      job.endedAt = nil
    case .stopped, .killed: job.state = .stopped
    case .interrupted where isCancelled: job.state = .stopped
    case .interrupted(let reason), .failed(let reason):
      job.state = .failed
      job.error = reason
    }
    if job.hasEnded { job.hadReport = job.state == .finished || hasReport(report) }
    settleReport(job, outcome)
    keepAnyway(job)
    logger.notice(
      "job ended",
      metadata: [
        "run": "\(job.run)", "state": "\(job.state.rawValue)", "error": "\(job.error ?? "")",
      ])
    events.setProgress(nil, run: report)
    // One that goes on at the next start has not ended; its streams end with the service.
    if job.state != .queued { tellEnd(of: job) }
    schedule()
  }

  /// Ends the streams of a job that has ended.
  func tellEnd(of job: Job) {
    events.publish("end", Self.end(of: job), run: job.report)
    events.finish(run: job.report)
  }

  /// What the event "end" tells.
  static func end(of job: Job) -> [UInt8] { Array(#"{"state":"\#(job.state.rawValue)"}"#.utf8) }

  /// What the process itself could not write: that it crashed, and verdicts that come from an earlier run.
  private func settleReport(_ job: Job, _ outcome: JobProcess.Outcome) {
    guard hasReport(job.report) else { return }
    do {
      switch outcome {
      case .stopped: break
      case .killed: try settleRun(job) { try $0.stopRun($1) }
      case .interrupted where job.state != .failed: try settleRun(job) { try $0.stopRun($1) }
      case .interrupted(let reason), .failed(let reason):
        try settleRun(job) { try $0.failRun($1, error: reason) }
      case .finished:
        if let source = job.request.verdictsFrom.flatMap(RunIdentifier.init) {
          try takeVerdicts(of: source, job)
        }
      }
    } catch {
      logger.error(
        "report not settled", metadata: ["run": "\(job.run)", "error": "\(error)"])
    }
  }

  /// A job's report; nil where it was deleted just now, or where the process ended before it wrote anything.
  private func reportStore(of job: Job) throws -> ReportStore? {
    do {
      return try ReportStore(path: file(job.report), creating: false)
    } catch ReportError.missing, ReportError.unfinished {
      return nil
    }
  }

  private func settleRun(_ job: Job, _ settle: (ReportStore, Int64) throws -> Void) throws {
    guard let store = try reportStore(of: job) else { return }
    defer { try? store.close() }
    guard let run = try store.reader.read({ try $0.latestRun() }), run.state == .running else {
      return
    }
    try settle(store, run.id)
  }

  private func takeVerdicts(of source: RunIdentifier, _ job: Job) throws {
    guard let store = try reportStore(of: job) else { return }
    defer { try? store.close() }
    let verdicts = try ReportReader(path: file(source.report)).read {
      try $0.verdicts(of: source.number)
    }
    _ = try store.importVerdicts(verdicts, to: job.run.number)
  }
}
