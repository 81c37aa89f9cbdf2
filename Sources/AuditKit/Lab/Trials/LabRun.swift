import AuditFiles
import AuditKit
import AuditTraining
import Foundation

/// Runs a grid of trials, one after the other, into the lab's database.
///
/// Finished trials are left as they are, so that a grid that was stopped or extended goes on.
public enum LabRun {
  /// What a run of the lab did.
  public struct Summary: Codable, Sendable, Equatable {
    /// Trials of the grid.
    public var trials: Int
    /// Those that this run trained and measured.
    public var finished: Int
    /// Those that were there already.
    public var earlier: Int
    /// Those that failed, with the reasons.
    public var failures: [String]
    /// The database.
    public var database: String
  }

  /// Runs on the calling thread, and blocks it.
  ///
  /// - Parameters:
  ///   - lab: The grid.
  ///   - database: The file to write, created where there is none.
  ///   - workFolder: Planted images, thumbnails, reports and models; nil: beside the database.
  ///   - stop: Asks to end before the end; the same call goes on later.
  ///   - onEvent: Told what is being done.
  /// - Returns: How many trials were measured.
  /// - Throws: What is wrong with the grid as a whole, and `TrainingError.stopped`. A trial that fails
  ///   is noted, and the next one begins.
  public static func run(
    _ lab: LabConfiguration, database: String, workFolder: String? = nil,
    stop: StopSignal = StopSignal(), onEvent: @escaping (ScanEvent) -> Void = { _ in }
  ) throws -> Summary {
    try lab.validate()
    let trials = try lab.trials()
    // What is wrong with it is told before hours of training.
    if let images = lab.labelledImages {
      _ = try ImageClassFolder(path: images, seed: lab.firstSeed)
    }
    let store = try LabStore(path: database)
    defer { store.close() }
    let work = workFolder ?? database + ".work"
    try Folder.create(work)
    let runner = TrialRunner(lab: lab, store: store, work: work, stop: stop, onEvent: onEvent)
    var summary = Summary(
      trials: trials.count, finished: 0, earlier: 0, failures: [], database: database)
    for (number, trial) in trials.enumerated() {
      guard let id = try store.begin(trial, crawl: lab.crawl) else {
        summary.earlier += 1
        continue
      }
      let name = "\(trial.attackName), \(trial.method), seed \(trial.seed)"
      onEvent(.notice("trial \(number + 1) of \(trials.count): \(name)"))
      do {
        let result = try runner.run(trial, id: id)
        try store.finish(
          id, result.outcome, configuration: result.configuration, report: result.report)
        summary.finished += 1
      } catch let error as TrainingError where error.isStop {
        throw error
      } catch {
        try store.fail(id, error: "\(error)")
        onEvent(.notice("it failed: \(error)"))
        summary.failures.append("\(name): \(error)")
      }
    }
    return summary
  }
}
