import AuditDump
import AuditKit
import AuditTraining
import Foundation

/// The trials of a grid and how long they would take on this machine, by steps that are timed for it.
public struct LabPlan: Codable, Sendable, Equatable {
  /// One trial.
  public struct PlannedTrial: Codable, Sendable, Equatable {
    /// The attack as tables name it.
    public var attack: String
    /// The way to train.
    public var method: String
    /// The seed.
    public var seed: UInt64
    /// Training and scoring; measuring comes on top.
    public var seconds: Double
  }

  /// Pairs that each trial trains on, or the most of them where attacks differ.
  public var pairs: Int
  /// In the order in which they would run.
  public var trials: [PlannedTrial]
  /// All trials together.
  public var seconds: Double

  /// Trials of the grid that `database` has already.
  public var finished: Int

  /// Reads the crawl and times steps of each preset, `secondsEach` for each kind of step; what is finished in
  /// `database`, where there is such a file, is not planned again.
  ///
  /// - Throws: What is wrong with the grid or the database, and `DumpError` where the crawl cannot be read.
  public init(
    _ lab: LabConfiguration, database: String? = nil, secondsEach: Double = 2
  ) throws {
    try lab.validate()
    let all = try lab.trials()
    for trial in all { try trial.validateTraining() }
    let known = try Self.finished(in: database)
    let trials = all.filter { !known.contains($0.fingerprint) }
    finished = all.count - trials.count
    pairs = 0
    self.trials = []
    seconds = 0
    var available = 0
    var steps: [StepKey: StepMeasurement] = [:]
    for trial in trials {
      let configuration = trial.configuration
      if available == 0 {
        available = try Self.pairCount(try trial.crawl(of: lab))
      }
      let rest = max(1, available - trial.attack.heldOut)
      let count = min(trial.attack.sample ?? rest, rest)
      let plan = ScanPlan(
        pairs: count, trustedCount: trial.setup.trustedShare.map { Int($0 * Double(count)) },
        configuration: configuration, explicit: trial.document.explicitNames, thumbnailBytes: 0,
        step: try Self.step(configuration, trial.document.explicitNames, count, secondsEach, &steps)
      )
      pairs = max(pairs, count)
      seconds += plan.seconds
      self.trials.append(
        PlannedTrial(
          attack: trial.attackName, method: trial.method, seed: trial.seed, seconds: plan.seconds))
    }
  }

  private static func finished(in database: String?) throws(LabError) -> Set<String> {
    guard let database, FileManager.default.fileExists(atPath: database) else { return [] }
    let store = try LabStore(existing: database)
    defer { store.close() }
    return try store.finishedFingerprints()
  }

  /// What a step's time depends on.
  private struct StepKey: Hashable {
    var preset: String
    var batchSize: Int
    var threads: Int
  }

  private static func step(
    _ configuration: ScanConfiguration, _ explicit: Set<String>, _ pairs: Int,
    _ seconds: Double, _ known: inout [StepKey: StepMeasurement]
  ) throws -> StepMeasurement {
    let adapted = configuration.training.adapted(pairCount: pairs, explicit: explicit)
    let threads =
      configuration.threads > 0
      ? configuration.threads : ProcessInfo.processInfo.activeProcessorCount
    let key = StepKey(
      preset: configuration.preset,
      batchSize: min(adapted.configuration.batchSize, max(2, pairs)), threads: threads)
    if let step = known[key] { return step }
    let step = try StepMeasurement.measure(
      configuration, batchSize: key.batchSize, threads: threads, seconds: seconds)
    known[key] = step
    return step
  }

  private static func pairCount(_ reader: any CrawlReader) throws -> Int {
    var count = 0
    try reader.read { record in
      if case .pair = record { count += 1 }
    }
    return count
  }
}
