import AuditReport
import Foundation
import FoundationNetworking
import Testing
import TestSupport

/// A running `auditd` with a folder of its own; killed when it is no longer held.
final class Daemon: Sendable {
  let folder: TemporaryFolder
  let url: URL
  let pid: Int32
  private let process: Process
  private let log: String

  /// Where the executables were built: beside the running tests.
  static let buildFolder = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
    .deletingLastPathComponent().path(percentEncoded: false)

  /// Where a service keeps what it is told to: reports, and a crawl root with the tiny preset.
  static func makeFolder() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try folder.write("roots/tiny.json", TinyPreset.json)
    for name in ["00000.tar", "00001.tar"] {
      let bytes = try Data(contentsOf: Repository.fixture("crawls/shapes/\(name)"))
      try folder.write("roots/shapes/\(name)", [UInt8](bytes))
    }
    try FileManager.default.createDirectory(
      atPath: folder.file("reports"), withIntermediateDirectories: true)
    return folder
  }

  /// Starts it and waits until it listens.
  init(
    in folder: TemporaryFolder? = nil, environment: [String: String] = [:], _ more: String...
  ) async throws {
    let folder = try folder ?? Self.makeFolder()
    self.folder = folder
    log = folder.file("log-\(UUID().uuidString)")
    process = try Self.start(
      [
        "--report-dir", folder.file("reports"), "--crawl-root", folder.file("roots"), "--listen",
        "127.0.0.1:0",
      ] + more, environment: environment, log: log)
    pid = process.processIdentifier
    url = try await Self.address(log, process)
  }

  deinit { if process.isRunning { kill(pid, SIGKILL) } }

  /// The settings of a scan of seconds.
  func smallScan(epochs: Int = 6) -> [String: Any] {
    [
      "preset": folder.file("roots/tiny.json"), "threads": 1, "seed": 1,
      "training": ["epochs": epochs, "warmUpEpochs": 1, "slowPasses": 1, "batchSize": 24],
    ]
  }

  var crawl: String { folder.file("roots/shapes") }

  /// What it wrote to its log.
  var logText: String { (try? String(contentsOfFile: log, encoding: .utf8)) ?? "" }

  /// Sends a signal and waits for the end; returns the exit status, or 128 plus the signal.
  @discardableResult
  func end(_ signal: Int32) async throws -> Int32 {
    kill(pid, signal)
    while process.isRunning { try await Task.sleep(for: .milliseconds(10)) }
    return process.terminationReason == .exit
      ? process.terminationStatus : 128 + process.terminationStatus
  }

  /// Processes that it started and that still run.
  var workers: [Int32] {
    let path = "/proc/\(pid)/task"
    let tasks = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    return tasks.flatMap { task in
      let children = try? String(contentsOfFile: "\(path)/\(task)/children", encoding: .utf8)
      return (children ?? "").split(separator: " ").compactMap { Int32($0) }
    }
  }

  /// Files that it has open though they were deleted.
  var deletedFiles: [String] {
    let path = "/proc/\(pid)/fd"
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    return names.compactMap {
      try? FileManager.default.destinationOfSymbolicLink(atPath: "\(path)/\($0)")
    }.filter { $0.hasSuffix(" (deleted)") }
  }

  /// A process's state as the system writes it, such as "T" where it is halted and "Z" where nobody has asked how it ended;
  /// nil where it is gone.
  static func state(ofProcess pid: Int32) -> Character? {
    let line = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)
    // Its name may hold anything, also parentheses.
    return line?.split(separator: ")").last?.first { $0 != " " }
  }

  /// Kills a process that a test has halted, where it is still so: nobody else does.
  static func killHalted(_ pid: Int32) {
    if state(ofProcess: pid) == "T" { kill(pid, SIGKILL) }
  }

  /// Runs one that is expected to end by itself; returns its exit status and its log.
  static func run(_ arguments: [String]) async throws -> (status: Int32, log: String) {
    let folder = try TemporaryFolder()
    let process = try start(arguments, log: folder.file("log"))
    while process.isRunning { try await Task.sleep(for: .milliseconds(10)) }
    return (
      process.terminationStatus,
      try String(contentsOfFile: folder.file("log"), encoding: .utf8)
    )
  }

  private static func start(
    _ arguments: [String], environment: [String: String] = [:], log: String
  ) throws -> Process {
    _ = FileManager.default.createFile(atPath: log, contents: nil)
    let process = Process()
    process.executableURL = URL(filePath: buildFolder).appending(path: "auditd")
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle(forWritingAtPath: log)
    try process.run()
    return process
  }

  private static func address(_ log: String, _ process: Process) async throws -> URL {
    while true {
      let text = try String(contentsOfFile: log, encoding: .utf8)
      if let found = text.firstMatch(of: #/listening address=(127\.0\.0\.1:[0-9]+)/#) {
        return try #require(URL(string: "http://\(found.1)"))
      }
      try #require(process.isRunning, "\(text)")
      try await Task.sleep(for: .milliseconds(10))
    }
  }
}
