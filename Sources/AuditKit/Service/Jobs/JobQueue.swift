import Foundation
import Logging

/// Runs jobs, a few at a time, oldest first.
actor JobQueue {
  let store: JobStore
  let folder: String
  let configuration: ServiceConfiguration
  /// Where scans may read.
  let readable: [String]
  let process: JobProcess
  let events: EventHub
  let logger: Logger
  var jobs: [String: Job] = [:]
  var running: [String: Running] = [:]
  /// Looks later at jobs that could not be started; nil where there are none.
  var retry: Task<Void, Never>?
  /// Whether the service is ending.
  var isStopping = false

  struct Running {
    let task: Task<Void, Never>
    let stop: AsyncStream<Void>.Continuation
    /// Whether somebody cancelled it; else a stop is the service's own, and it goes on later.
    var isCancelled = false
  }

  /// Reads the jobs that are there; `executable` is what is started, with the argument "work", for each.
  init(
    configuration: ServiceConfiguration, readable: [String], store: JobStore, events: EventHub,
    executable: String, logger: Logger
  ) throws {
    self.configuration = configuration
    self.readable = readable
    self.store = store
    self.events = events
    self.logger = logger
    folder = configuration.reportDir
    process = JobProcess(
      executable: executable, patience: .seconds(configuration.stopSeconds))
    for job in try store.jobs() { jobs[job.report] = job }
  }

  /// All jobs, in no order.
  var all: [Job] {
    for job in jobs.values where isRemoved(job) { forget(job) }
    return Array(jobs.values)
  }

  /// The job that makes a report; nil for reports of other programs.
  func job(_ report: String) -> Job? {
    guard let job = jobs[report] else { return nil }
    guard isRemoved(job) else { return job }
    forget(job)
    return nil
  }

  /// Whether somebody removed the run by deleting its report.
  private func isRemoved(_ job: Job) -> Bool {
    job.hadReport && job.hasEnded && !hasReport(job.report)
  }

  private func forget(_ job: Job) {
    jobs[job.report] = nil
    events.forget(run: job.report)
    logger.notice("job forgotten, its report is gone", metadata: ["run": "\(job.run)"])
    do {
      try store.delete(job.report)
    } catch {
      // Found out again at the next start.
      logger.error("job not deleted", metadata: ["run": "\(job.run)", "error": "\(error)"])
    }
  }

  /// A waiting job's place, from 1.
  func queuePosition(_ report: String) -> Int? {
    waiting.firstIndex { $0.report == report }.map { $0 + 1 }
  }

  /// Jobs by state, for counters.
  var counts: [Job.State: Int] { all.reduce(into: [:]) { $0[$1.state, default: 0] += 1 } }

  /// Takes up what an earlier process left, and begins to work.
  func start() {
    for job in jobs.values where job.hasEnded && !job.hadReport && hasReport(job.report) {
      // Of a version that did not keep it.
      var job = job
      job.hadReport = true
      jobs[job.report] = job
    }
    for job in jobs.values where job.state == .running {
      // The service was killed: the scan goes on after its last epoch.
      var job = job
      job.state = .queued
      job.resumes = true
      keepAnyway(job)
      logger.notice("job goes on", metadata: ["run": "\(job.run)"])
    }
    schedule()
  }

  /// The job that a key and its body made before; nil where the key is new.
  ///
  /// - Throws: `Problem` where the key came with another body.
  func earlier(_ key: SubmissionKey) throws -> Job? {
    guard let (job, digest) = try store.job(idempotencyKey: key.text),
      let known = self.job(job.report)
    else { return nil }
    guard digest == key.bodyDigest else {
      throw Problem(
        .keyReused, "This Idempotency-Key came with another body before. Use a new one.")
    }
    return known
  }

  /// Takes a job in.
  ///
  /// - Returns: The job, and whether it is new: the same key gives the same job again.
  /// - Throws: `Problem`.
  func submit(_ request: JobRequest, key: SubmissionKey?) throws -> (Job, isNew: Bool) {
    if let key, let earlier = try earlier(key) { return (earlier, false) }
    guard !isStopping else { throw Problem(.unavailable, "The service is stopping.") }
    guard waiting.count < configuration.maxQueuedJobs else {
      throw Problem(
        .queueFull, "\(waiting.count) runs wait already. Cancel some, or try again later.")
    }
    let now = Date()
    let new = Job(report: name(for: request, at: now), request: request, submittedAt: now)
    try store.insert(new, key: key)
    // With the time as it was kept: its place among others is the same after a restart.
    let job = try store.job(new.report) ?? new
    jobs[job.report] = job
    logger.notice("job submitted", metadata: ["run": "\(job.run)", "crawl": "\(request.crawl)"])
    schedule()
    return (jobs[job.report] ?? job, true)
  }

  /// Stops a job, or takes it out of the queue.
  ///
  /// - Throws: `Problem`.
  func cancel(_ report: String) throws -> Job {
    guard var job = job(report) else { throw notOurs }
    switch job.state {
    case .queued:
      job.state = .stopped
      job.endedAt = Date()
      try keep(job)
      tellEnd(of: job)
    case .running:
      running[report]?.isCancelled = true
      running[report]?.stop.yield()
    case .stopped, .failed, .finished:
      throw Problem(.conflict, "The run is \(job.state.rawValue) already.")
    }
    return job
  }

  /// Queues a stopped or failed job again.
  ///
  /// - Throws: `Problem`.
  func resume(_ report: String) throws -> Job {
    guard var job = job(report) else { throw notOurs }
    guard job.state == .stopped || job.state == .failed else {
      throw Problem(
        .conflict, "The run is \(job.state.rawValue); only stopped and failed runs go on.")
    }
    job.state = .queued
    job.resumes = hasReport(report)
    (job.endedAt, job.error) = (nil, nil)
    try keep(job)
    schedule()
    return jobs[report] ?? job
  }

  /// Takes no job any more, and starts none.
  func beginStop() {
    isStopping = true
    retry?.cancel()
  }

  /// Stops all jobs, so that the next start goes on with them, and waits for their checkpoints.
  func stop() async {
    isStopping = true
    for entry in running.values { entry.stop.yield() }
    for entry in running.values { await entry.task.value }
  }

  private var notOurs: Problem {
    Problem(
      .conflict, "The run was not submitted to this service; whoever began it has it in hand.")
  }

  var waiting: [Job] {
    jobs.values.filter { $0.state == .queued }
      .sorted { ($0.submittedAt, $0.report) < ($1.submittedAt, $1.report) }
  }

  func file(_ report: String) -> String { "\(folder)/\(report).sqlite" }

  func hasReport(_ report: String) -> Bool {
    FileManager.default.fileExists(atPath: file(report))
  }

  /// Changes a job, in the database first: what cannot be kept there has not happened.
  func keep(_ job: Job) throws {
    try store.update(job)
    jobs[job.report] = job
  }

  /// Changes a job to what it has become, whether or not that can be kept.
  func keepAnyway(_ job: Job) {
    do {
      try store.update(job)
    } catch {
      // The disk is full, perhaps: the next start goes on with what the database says, which leads to the same.
      logger.error("job not kept", metadata: ["run": "\(job.run)", "error": "\(error)"])
    }
    jobs[job.report] = job
  }

  /// The crawl's name and the time, and a number where that is taken.
  private func name(for request: JobRequest, at time: Date) -> String {
    let base = URL(filePath: request.crawl).deletingPathExtension().lastPathComponent
    let letters = base.map { RunIdentifier.isName("\($0)") ? $0 : "-" }.prefix(60)
    let stamp = time.formatted(
      Date.ISO8601FormatStyle().year().month().day().dateSeparator(.omitted).time(
        includingFractionalSeconds: false
      ).timeSeparator(.omitted))
    let stem = "\(letters.isEmpty ? "crawl" : String(letters))-\(stamp.filter { $0 != "Z" })"
    var name = stem
    var number = 1
    while jobs[name] != nil || hasReport(name) {
      number += 1
      name = "\(stem)-\(number)"
    }
    return name
  }
}
