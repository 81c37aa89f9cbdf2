import AuditKit
import AuditTraining
import Foundation

/// Work that shows its progress and can be stopped by Ctrl-C.
enum WatchedWork {
  /// Runs `work`, which passes its events on and heeds the signal.
  ///
  /// - Throws: What `work` throws; the exit status for a stop in place of its error, after `stopped`
  ///   was said.
  static func run<Value>(
    isQuiet: Bool, stopped: String,
    _ work: (StopSignal, @escaping (ScanEvent) -> Void) throws -> Value
  ) throws -> Value {
    let stop = StopSignal()
    let progress = ProgressPrinter(isQuiet: isQuiet)
    InterruptWatch.begin(stop: stop) { progress.showStopping() }
    do {
      defer { progress.finish() }
      return try work(stop) { progress.show($0) }
    } catch let error as TrainingError where error.isStop {
      FileHandle.standardError.write(Data("\(stopped)\n".utf8))
      throw ExitStatus.stopped.exitCode
    }
  }
}
