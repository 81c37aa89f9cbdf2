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
      jobs[job.report] = waiting
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
      end(report, outcome)
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

  private func end(_ report: String, _ outcome: JobProcess.Outcome) {
    let entry = running.removeValue(forKey: report)
    guard var job = jobs[report] else { return }
    job.endedAt = Date()
    switch outcome {
    case .finished: job.state = .finished
    case .stopped, .killed:
      guard isStopping, entry?.isCancelled != true else {
        job.state = .stopped
        break
      }
      job.state = .queued
      job.resumes = true
      job.endedAt = nil
    case .failed(let reason):
      job.state = .failed
      job.error = reason
    }
    if job.hasEnded { job.hadReport = job.state == .finished || hasReport(report) }
    settleReport(job, outcome)
    do {
      try keep(job)
    } catch {
      logger.error("job's end not kept", metadata: ["run": "\(job.run)", "error": "\(error)"])
    }
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
      case .failed(let reason): try settleRun(job) { try $0.failRun($1, error: reason) }
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

  private func settleRun(_ job: Job, _ settle: (ReportStore, Int64) throws -> Void) throws {
    let store = try ReportStore(path: file(job.report))
    defer { try? store.close() }
    guard let run = try store.reader.read({ try $0.latestRun() }), run.state == .running else {
      return
    }
    try settle(store, run.id)
  }

  private func takeVerdicts(of source: RunIdentifier, _ job: Job) throws {
    let store = try ReportStore(path: file(job.report))
    defer { try? store.close() }
    let verdicts = try ReportReader(path: file(source.report)).read {
      try $0.verdicts(of: source.number)
    }
    _ = try store.importVerdicts(verdicts, to: job.run.number)
  }
}
