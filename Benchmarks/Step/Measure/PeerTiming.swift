import AuditEncoders
import Foundation

/// The same step in PyTorch, where it is installed.
struct PeerTiming {
  /// The largest thread count to try; one thread is tried as well.
  let threads: Int
  let seconds: Double

  /// The script, beside this package's sources.
  private static let script = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("pytorch-step.py")

  /// Runs the script.
  ///
  /// - Throws: What keeps it from running, for example that there is no PyTorch.
  func measure(_ workload: Workload) throws -> PeerReport {
    let file = FileManager.default.temporaryDirectory
      .appendingPathComponent("audit-benchmark-\(UUID().uuidString).json")
    defer { try? FileManager.default.removeItem(at: file) }
    try workload.preset.configuration.json().write(to: file)
    let counts = threads == 1 ? "1" : "\(threads),1"
    let output = try ChildProcess.output([
      "python3", Self.script.path, file.path, "--batch", "\(workload.batchSize)", "--threads",
      counts, "--seconds", "\(seconds)",
    ])
    return try JSONDecoder().decode(PeerReport.self, from: Data(output.utf8))
  }
}
