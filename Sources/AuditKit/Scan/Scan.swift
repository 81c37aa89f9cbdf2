import AuditDump
import AuditEncoders
import AuditReport
import AuditTraining
import Foundation

/// An audit of one crawl from its files to the finished report.
///
/// The phases in order: read, make thumbnails, learn the vocabulary, train and score epoch by epoch,
/// score a last time, write. Everything up to training is repeated on resume (the thumbnail cache makes
/// that quick) and gives the same; training goes on from the last checkpoint.
public struct Scan {
  let request: ScanRequest
  let stop: StopSignal
  let onEvent: (ScanEvent) -> Void
  let store: ReportStore
  let work: WorkFolder

  /// Runs a scan to its end on the calling thread, and blocks it.
  ///
  /// Throws `TrainingError.stopped` when `stop` was asked for; the run can then be resumed, as it can
  /// after a kill at any moment. One process at a time scans into a report.
  public static func run(
    _ request: ScanRequest, stop: StopSignal = StopSignal(),
    onEvent: @escaping (ScanEvent) -> Void = { _ in }
  ) throws -> ScanSummary {
    // Before the report is opened: a mistyped path leaves no file.
    try checkPaths(request)
    return try ReportLock.held(for: request.report, patience: request.patience) {
      let scan = Scan(
        request: request, stop: stop, onEvent: onEvent,
        store: try ReportStore(path: request.report), work: try WorkFolder(request))
      defer { try? scan.store.close() }
      return try scan.run()
    }
  }

  private func run() throws -> ScanSummary {
    let began = ContinuousClock.now
    let earlier = request.resume ? try lastRun() : nil
    if request.resume, earlier == nil {
      onEvent(.notice("the report has no run of this crawl to resume; a new one begins"))
    }
    if let earlier, earlier.state == .finished, let text = earlier.summary {
      // Refuses settings that the run does not have.
      _ = try settings(resuming: earlier)
      let summary = try JSONDecoder().decode(ScanSummary.self, from: Data(text.utf8))
      guard request.modelOut == nil || request.modelOut == summary.model,
        request.heldOut == nil || summary.recallAt10 != nil
      else { throw ScanError.finishedWithout(run: earlier.id) }
      onEvent(.notice("run \(earlier.id) of this crawl is finished already"))
      return summary
    }
    let session: ScanSession
    do {
      session = try makeSession(resuming: earlier)
    } catch is ScanStopped {
      throw TrainingError.stopped(completedEpochs: 0)
    }
    do {
      let state = try train(session)
      let summary = try finish(session, state, began: began)
      // A finished run is not trained again. Left where it cannot be removed: it is only in the way.
      try? FileManager.default.removeItem(atPath: session.folder)
      return summary
    } catch let stopped as TrainingError where stopped.isStop {
      try store.stopRun(session.run)
      throw stopped
    } catch is ScanStopped {
      try store.stopRun(session.run)
      throw TrainingError.stopped(completedEpochs: session.configuration.training.epochs)
    } catch {
      try? store.failRun(session.run, error: "\(error)")
      throw error
    }
  }

  /// What is only used when all is trained must be usable before.
  ///
  /// A resumed run has its own configuration, by which its crawl is read.
  private static func checkPaths(_ request: ScanRequest) throws {
    if let path = request.modelOut { try TrainedModel.checkDestination(path) }
    guard !request.resume else { return }
    let configuration = request.configuration
    _ = try CLIPConfiguration(presetOrFile: configuration.preset)
    if request.reader == nil {
      _ = try Crawl.reader(
        for: request.crawl, format: request.format, configuration: configuration.crawl)
    }
    if let path = request.heldOut {
      _ = try Crawl.reader(for: path, configuration: configuration.crawl)
    }
  }

  /// The crawl's last run that trains, if the report has one.
  private func lastRun() throws -> RunRecord? {
    func standard(_ path: String) -> String {
      URL(fileURLWithPath: path).standardizedFileURL.path
    }
    return try store.reader.read { snapshot in
      try snapshot.runs().last {
        standard($0.crawlPath) == standard(request.crawl) && Method(rawValue: $0.method) != nil
      }
    }
  }
}
