import AuditFiles
import AuditKit
import AuditReport
import AuditTraining
import Foundation

/// The process that works on one job: reads a work order from standard input, scans, tells its events on
/// standard output.
///
/// A process of its own, so that a fault in a decoder or a kernel ends the job and not the service. It stops
/// with a checkpoint when standard input ends: also when the service is killed.
public enum JobWorker {
  /// What the process ends with.
  enum Status {
    static let finished: Int32 = 0
    static let failed: Int32 = 1
    static let stopped: Int32 = 130
  }

  /// A service that was killed leaves a scan that still writes its last checkpoint.
  private static let patience = Duration.seconds(120)

  /// Works on the job; returns the process's exit status.
  public static func run() -> Int32 {
    signal(SIGPIPE, SIG_IGN)
    // Before anything else: until then such a signal ends the process.
    let stop = StopSignal()
    let sources = watchSignals(stop)
    defer { withExtendedLifetime(sources) {} }
    let output = EventOutput()
    guard let line = readLine(),
      let order = try? JSONDecoder().decode(WorkOrder.self, from: Data(line.utf8))
    else {
      output.write(.failed("the work order is not one"))
      return Status.failed
    }
    setpriority(__priority_which_t(UInt32(PRIO_PROCESS.rawValue)), 0, Int32(order.niceness))
    ReadableFolders.limit(to: order.readable)
    watchInput(stop)
    do {
      try scan(order, stop, output)
      return Status.finished
    } catch let error as TrainingError where error.isStop {
      return Status.stopped
    } catch {
      output.write(.failed("\(error)"))
      return Status.failed
    }
  }

  private static func scan(
    _ order: WorkOrder, _ stop: StopSignal, _ output: EventOutput
  ) throws {
    var document = ConfigurationDocument()
    try document.merge(json: JSONEncoder().encode(order.request.settings), origin: "settings")
    var request = ScanRequest(
      crawl: order.request.crawl, report: order.report, configuration: try document.decoded(),
      explicitSettings: document.explicitNames, resume: order.resume)
    request.format = order.request.format
    request.workFolder = order.workFolder
    request.heldOut = order.request.heldOut
    request.modelOut = order.modelOut
    request.patience = Self.patience
    let start = ContinuousClock.now
    var progress = ScanProgress()
    var lastTold = -Double.infinity
    _ = try Scan.run(request, stop: stop) { event in
      let now = (ContinuousClock.now - start).seconds
      progress.isStopping = stop.isRequested
      progress.apply(event, at: now)
      switch event {
      case .notice(let text): output.write(.notice(text))
      case .epoch(let record, _): output.write(.epoch(record.epoch))
      case .phase: lastTold = -.infinity
      default: break
      }
      // As often as somebody can see a difference.
      guard now - lastTold >= 0.5 else { return }
      lastTold = now
      output.write(.progress(ProgressDocument(progress)))
    }
  }

  /// Asks for a stop when standard input ends.
  private static func watchInput(_ stop: StopSignal) {
    Thread.detachNewThread {
      while readLine() != nil {}
      stop.request()
    }
  }

  /// Asks for a stop at Ctrl-C and SIGTERM, as long as the result is held.
  private static func watchSignals(_ stop: StopSignal) -> [any DispatchSourceSignal] {
    [SIGINT, SIGTERM].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler { stop.request() }
      source.activate()
      return source
    }
  }
}

/// Writes events as lines.
private struct EventOutput {
  func write(_ event: WorkEvent) {
    guard var line = try? JSONEncoder().encode(event) else { return }
    line.append(0x0A)
    // Nobody listens any more where this fails; standard input then ends, and with it the scan.
    try? FileHandle.standardOutput.write(contentsOf: line)
  }
}
