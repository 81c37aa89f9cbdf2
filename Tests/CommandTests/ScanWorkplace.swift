import AuditReport
import Foundation
import GRDB
import Subprocess
import Testing
import TestSupport

/// A folder for scans by the executable of the small crawls in Fixtures, gone with the value.
final class ScanWorkplace: Sendable {
  private let folder: TemporaryFolder

  static let shapes = Repository.crawl("shapes")

  init() throws {
    folder = try TemporaryFolder()
    try folder.write("tiny.json", TinyPreset.json)
  }

  func file(_ name: String) -> String { folder.file(name) }

  var report: String { file("audit.sqlite") }

  /// What makes a scan short: a small model and a few epochs.
  var smallScan: [String] {
    [
      "--preset", file("tiny.json"), "--threads", "2", "--set", "training.epochs=6", "--set",
      "training.warmUpEpochs=1", "--set", "training.slowPasses=1", "--set",
      "training.batchSize=24",
    ]
  }

  /// Options of the lab that make the same of each trial, on the shapes of Fixtures.
  var smallLab: [String] {
    [
      "--set", "preset=\(file("tiny.json"))", "--set", "threads=2", "--set", "training.epochs=3",
      "--set", "training.warmUpEpochs=1", "--set", "training.slowPasses=1", "--set",
      "training.batchSize=24", "--count", "4", "--held-out", "20", "--words", "red,blue,green",
      "--class", "red",
    ]
  }

  /// The command line of a scan of a few epochs.
  func scan(_ crawl: String = shapes, seed: Int = 1, _ more: String...) -> [String] {
    ["scan", crawl, "--report", report, "--seed", "\(seed)"] + smallScan + more
  }

  /// What `export` prints of the report's last run.
  func export() async throws -> String {
    let run = try await CommandRun("export", report, "--format", "csv")
    #expect(run.status == 0, "\(run.errors)")
    return run.output
  }

  /// Epochs that the last run of the report has recorded; 0 where there is no report yet.
  var epochCount: Int {
    let reader = try? ReportReader(path: report)
    let count = try? reader?.read { snapshot in
      try snapshot.latestRun().map { try snapshot.epochs(of: $0.id).count }
    }
    return (count ?? nil) ?? 0
  }

  /// Runs `audit-cli` and sends it SIGINT once `epochs` are recorded.
  ///
  /// A process that ends before is left alone.
  func interrupted(
    _ arguments: [String], afterEpochs epochs: Int
  ) async throws -> CommandRun {
    let result = try await Subprocess.run(
      .name("audit-cli"), arguments: Arguments(arguments), environment: CommandRun.environment(),
      input: .none, output: .string(limit: 1 << 20), error: .string(limit: 1 << 20)
    ) { execution in
      let deadline = ContinuousClock.now + .seconds(120)
      while epochCount < epochs, ContinuousClock.now < deadline {
        guard kill(execution.processIdentifier.value, 0) == 0 else { return }
        try await Task.sleep(for: .milliseconds(5))
      }
      try? execution.send(signal: .interrupt)
    }
    return CommandRun(
      output: result.standardOutput, errors: result.standardError,
      termination: result.terminationStatus)
  }

  /// What SQLite finds wrong with the report: `["ok"]` where nothing is; nil where there is no file.
  func integrity() throws -> [String]? {
    guard FileManager.default.fileExists(atPath: report) else { return nil }
    return try DatabaseQueue(path: report).read { database in
      try String.fetchAll(database, sql: "PRAGMA integrity_check")
        + (try Row.fetchAll(database, sql: "PRAGMA foreign_key_check").map { "\($0)" })
    }
  }
}

extension CommandRun {
  /// A run that was watched.
  fileprivate init(output: String, errors: String, termination: TerminationStatus) {
    self.output = output
    self.errors = errors
    status = Self.status(of: termination)
  }
}
