import AuditReport
import Foundation
import Testing
import TestSupport

/// What happens between SIGTERM and the end.
@Suite(.timeLimit(.minutes(5)), .serialized)
struct StopTests {
  /// A daemon with a scan that is at work, and that cannot stop: its process is halted.
  private func haltedScan(stopSeconds: Double) async throws -> (Daemon, run: String) {
    let folder = try Daemon.makeFolder()
    try folder.write("auditd.json", #"{"stopSeconds": \#(stopSeconds)}"#)
    let daemon = try await Daemon(in: folder, "--config", folder.file("auditd.json"))
    let run = try await daemon.submit(epochs: 40)
    try await daemon.wait(run, epochs: 2)
    kill(try #require(daemon.workers.first), SIGSTOP)
    return (daemon, run)
  }

  @Test func aScanThatDoesNotStopInTimeGoesOnAtTheNextStart() async throws {
    let (first, run) = try await haltedScan(stopSeconds: 0.5)
    #expect(try await first.end(SIGTERM) == 0)
    let reader = try ReportReader(path: first.report(run))
    #expect(try reader.read { try $0.run(1) }.state == .stopped)
    let second = try await Daemon(in: first.folder)
    let document = try await second.wait(run, for: "finished", "failed", "stopped")
    #expect(document["state"] as? String == "finished", "\(document)")
    #expect(
      (try await second.call("/v1/runs/\(run)/history").json["epochs"] as? [Any])?.count == 40)
  }

  @Test func aCancelledScanThatDoesNotStopInTimeIsStopped() async throws {
    let (daemon, run) = try await haltedScan(stopSeconds: 0.5)
    #expect(try await daemon.call("/v1/runs/\(run)/cancel", method: "POST").status == 202)
    let document = try await daemon.wait(run, for: "stopped", "failed")
    #expect(document["state"] as? String == "stopped" && document["error"] == nil)
    #expect(document["isResumable"] as? Bool == true)
  }
}
