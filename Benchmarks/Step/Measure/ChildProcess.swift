import Foundation

/// Programs that a run starts.
enum ChildProcess {
  /// A program that could not be started, or failed.
  struct Failure: Error, CustomStringConvertible {
    let program: String
    let status: Int32
    /// The last line of what it said.
    let message: String

    var description: String {
      "\(program) failed with status \(status)\(message.isEmpty ? "" : ": \(message)")"
    }
  }

  /// What a program found on the path prints.
  ///
  /// - Throws: ``Failure``.
  static func output(_ arguments: [String]) throws -> String {
    let file = FileManager.default.temporaryDirectory
      .appendingPathComponent("audit-benchmark-\(UUID().uuidString).txt")
    defer { try? FileManager.default.removeItem(at: file) }
    guard FileManager.default.createFile(atPath: file.path, contents: nil) else {
      throw Failure(program: arguments[0], status: -1, message: "cannot write \(file.path)")
    }
    let errors = try FileHandle(forWritingTo: file)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = errors
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      let said = try String(decoding: Data(contentsOf: file), as: UTF8.self)
      throw Failure(
        program: arguments[0], status: process.terminationStatus,
        message: said.split(separator: "\n").last.map(String.init) ?? "")
    }
    return String(decoding: output, as: UTF8.self)
  }

  /// What this program records when it runs again with other arguments.
  ///
  /// So what it measures has a process, and its memory, to itself. It prints where this one does.
  static func record(_ arguments: [String]) throws -> BenchmarkRecord {
    let file = FileManager.default.temporaryDirectory
      .appendingPathComponent("audit-benchmark-\(UUID().uuidString).json")
    defer { try? FileManager.default.removeItem(at: file) }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    process.arguments = arguments + ["--json", file.path]
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw Failure(
        program: "audit-benchmark \(arguments.joined(separator: " "))",
        status: process.terminationStatus, message: "")
    }
    return try BenchmarkRecord(contentsOf: file.path)
  }
}
