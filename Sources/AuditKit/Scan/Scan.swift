import AuditDump
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
  /// after a kill at any moment.
  public static func run(
    _ request: ScanRequest, stop: StopSignal = StopSignal(),
    onEvent: @escaping (ScanEvent) -> Void = { _ in }
  ) throws -> ScanSummary {
    let scan = Scan(
      request: request, stop: stop, onEvent: onEvent,
      store: try ReportStore(path: request.report), work: try WorkFolder(request))
    defer { try? scan.store.close() }
    return try scan.run()
  }

  private func run() throws -> ScanSummary {
    let began = ContinuousClock.now
    let earlier = request.resume ? try lastRun() : nil
    if let earlier, earlier.state == .finished, let summary = earlier.summary {
      onEvent(.notice("run \(earlier.id) of this crawl is finished already"))
      return try JSONDecoder().decode(ScanSummary.self, from: Data(summary.utf8))
    }
    let session: ScanSession
    do {
      session = try makeSession(resuming: earlier)
    } catch is ScanStopped {
      throw TrainingError.stopped(completedEpochs: 0)
    }
    do {
      let state = try train(session)
      return try finish(session, state, began: began)
    } catch let stopped as TrainingError where stopped.isStop {
      try store.stopRun(session.run)
      throw stopped
    } catch {
      try? store.failRun(session.run, error: "\(error)")
      throw error
    }
  }

  /// The crawl's last run that trains, if the report has one.
  private func lastRun() throws -> RunRecord? {
    try store.reader.read { snapshot in
      try snapshot.runs().last {
        $0.crawlPath == request.crawl && Method(rawValue: $0.method) != nil
      }
    }
  }
}
