import Foundation
import NeuralKit

/// Everything that one run measured, and on what.
struct BenchmarkRecord: Codable, Sendable {
  /// The version of this format.
  var version = 1
  /// When the run began, ISO 8601.
  let date: String
  /// The commit that was built; with `+changes` where sources differed from it.
  let commit: String
  let machine: Machine
  let kernels: KernelReport
  let threads: Int
  var steps: [StepReport] = []
  var input: InputReport?

  /// A record without results, of here and now.
  init(threads: Int) {
    date = ISO8601DateFormatter().string(from: Date())
    commit = Self.commit()
    machine = .current
    kernels = .current
    self.threads = threads
  }

  /// Reads a file that `write(to:)` wrote.
  init(contentsOf path: String) throws {
    let data = try Data(contentsOf: URL(fileURLWithPath: path))
    self = try JSONDecoder().decode(Self.self, from: data)
  }

  /// Writes JSON, indented, keys sorted.
  func write(to path: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try (encoder.encode(self) + Data("\n".utf8)).write(
      to: URL(fileURLWithPath: path), options: .atomic)
  }

  private static func commit() -> String {
    guard let commit = try? ChildProcess.output(["git", "rev-parse", "--short=12", "HEAD"]),
      let changes = try? ChildProcess.output(
        ["git", "status", "--porcelain", "--", "Sources", "Benchmarks/Step", "Package.swift"])
    else { return "unknown" }
    let name = commit.trimmingCharacters(in: .whitespacesAndNewlines)
    return changes.isEmpty ? name : name + "+changes"
  }
}
