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
  /// - Throws: What is wrong with the grid as a whole, `LabError.unusableDatabase` where another process runs trials into the
  ///   database, and `TrainingError.stopped`. A trial that fails
  ///   is noted, and the next one begins.
  public static func run(
    _ lab: LabConfiguration, database: String, workFolder: String? = nil,
    stop: StopSignal = StopSignal(), onEvent: @escaping (ScanEvent) -> Void = { _ in }
  ) throws -> Summary {
    try lab.validate()
    let trials = try lab.trials()
    // What is wrong with it is told before hours of training.
    for trial in trials { try trial.validateTraining() }
    _ = try trials.first?.crawl(of: lab)
    if let labels = lab.labels, !FileManager.default.isReadableFile(atPath: labels) {
      throw LabError.unusableLabels(path: labels, reason: "it cannot be read")
    }
    if let images = lab.labelledImages {
      _ = try ImageClassFolder(path: images, seed: lab.firstSeed)
    }
    for attack in lab.attacks { _ = try attack.configuredAttack() }
    for model in lab.methods.compactMap(\.cleanModel) {
      _ = try TrainedModel(namedByLab: model.folder)
    }
    do {
      return try ReportLock.held(for: database) {
        try run(
          lab, trials, database: database, work: workFolder ?? database + ".work", stop: stop,
          onEvent: onEvent)
      }
    } catch ScanError.reportInUse {
      throw LabError.unusableDatabase(path: database, reason: "another process runs trials into it")
    }
  }

  private static func run(
    _ lab: LabConfiguration, _ trials: [Trial], database: String, work: String, stop: StopSignal,
    onEvent: @escaping (ScanEvent) -> Void
  ) throws -> Summary {
    let store = try LabStore(path: database)
    defer { store.close() }
    try Folder.create(work)
    // However the same folder is named the next time, its paths are the same.
    let place = URL(filePath: work).standardizedFileURL.path(percentEncoded: false)
    let runner = TrialRunner(lab: lab, store: store, work: place, stop: stop, onEvent: onEvent)
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
