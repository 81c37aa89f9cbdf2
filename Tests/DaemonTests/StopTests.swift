import AuditReport
import Foundation
import Testing
import TestSupport

/// What happens between SIGTERM and the end.
@Suite(.timeLimit(.minutes(20)), .serialized)
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

  @Test func fromTheFirstMomentNothingNewIsTaken() async throws {
    let (daemon, run) = try await haltedScan(stopSeconds: 600)
    let worker = try #require(daemon.workers.first)
    // Begun, and not at its end: a request that is at work.
    let begun = try #require(try RawConnection(daemon))
    begun.send("GET /readyz HTTP/1.1\r\nHost: localhost\r\n")
    let events = try #require(try RawConnection(daemon))
    events.send("GET /v1/runs/\(run)/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
    #expect(events.read(until: "event: run\n").contains("200 OK"))
    kill(daemon.pid, SIGTERM)
    while !daemon.logText.contains("stopping") { try await Task.sleep(for: .milliseconds(10)) }
    while try RawConnection(daemon) != nil { try await Task.sleep(for: .milliseconds(10)) }
    // The scan still stands, so this is long before the end.
    #expect(daemon.workers == [worker])
    begun.send("\r\n")
    let answer = begun.rest()
    #expect(answer.hasPrefix("HTTP/1.1 503 ") && answer.contains("stopping"), "\(answer)")
    #expect(answer.contains("\r\nConnection: close\r\n"))
    kill(worker, SIGCONT)
    #expect(events.rest().contains("\r\n0\r\n\r\n"), "the stream ends as a whole")
    #expect(try await daemon.end(0) == 0)
  }

  @Test func aCancelledScanThatDoesNotStopInTimeIsStopped() async throws {
    let (daemon, run) = try await haltedScan(stopSeconds: 0.5)
    #expect(try await daemon.call("/v1/runs/\(run)/cancel", method: "POST").status == 202)
    let document = try await daemon.wait(run, for: "stopped", "failed")
    #expect(document["state"] as? String == "stopped" && document["error"] == nil)
    #expect(document["isResumable"] as? Bool == true)
  }
}
