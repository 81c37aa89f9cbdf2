import AuditReport
import Foundation
import Testing
import TestSupport

/// What happens between SIGTERM and the end.
@Suite(.timeLimit(.minutes(20)), .serialized)
struct StopTests {
  /// So many that a slow test finds the scan at work still.
  private static let epochs = 50

  /// A daemon with a scan that is at work, and that cannot stop: its process is halted.
  ///
  /// Whoever takes it sees to it that the process does not stay so for ever.
  private func haltedScan(
    stopSeconds: Double
  ) async throws -> (Daemon, run: String, worker: Int32) {
    let folder = try Daemon.makeFolder()
    try folder.write(
      "auditd.json", #"{"stopSeconds": \#(stopSeconds), "limits": {"headSeconds": 300}}"#)
    let daemon = try await Daemon(in: folder, "--config", folder.file("auditd.json"))
    let run = try await daemon.submit(epochs: Self.epochs)
    try await daemon.wait(run, epochs: 2)
    let worker = try #require(daemon.workers.first)
    kill(worker, SIGSTOP)
    return (daemon, run, worker)
  }

  /// Starts the service anew and expects the run to be gone on with to its end.
  private func expectToGoOn(_ run: String, in folder: TemporaryFolder) async throws {
    let daemon = try await Daemon(in: folder)
    let document = try await daemon.wait(run, for: "finished", "failed", "stopped")
    #expect(document["state"] as? String == "finished", "\(document)")
    let epochs = try await daemon.call("/v1/runs/\(run)/history").json["epochs"] as? [Any]
    #expect(epochs?.count == Self.epochs)
  }

  @Test func aScanThatDoesNotStopInTimeGoesOnAtTheNextStart() async throws {
    let (daemon, run, worker) = try await haltedScan(stopSeconds: 0.5)
    defer { Daemon.killHalted(worker) }
    #expect(try await daemon.end(SIGTERM) == 0)
    let reader = try ReportReader(path: daemon.report(run))
    #expect(try reader.read { try $0.run(1) }.state == .stopped)
    try await expectToGoOn(run, in: daemon.folder)
  }

  /// As when the system sends its signal to all processes of the service.
  @Test func aScanThatEndsJustBeforeItsServiceGoesOnAtTheNextStart() async throws {
    let daemon = try await Daemon()
    let run = try await daemon.submit(epochs: Self.epochs)
    try await daemon.wait(run, epochs: 2)
    let worker = try #require(daemon.workers.first)
    #expect(getpgid(worker) != getpgid(daemon.pid), "Ctrl-C reaches the service alone")
    kill(worker, SIGTERM)
    while !daemon.workers.isEmpty { try await Task.sleep(for: .milliseconds(5)) }
    #expect(try await daemon.end(SIGTERM) == 0)
    try await expectToGoOn(run, in: daemon.folder)
  }

  @Test func fromTheFirstMomentNothingNewIsTaken() async throws {
    let (daemon, run, worker) = try await haltedScan(stopSeconds: 600)
    defer { Daemon.killHalted(worker) }
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
    let (daemon, run, worker) = try await haltedScan(stopSeconds: 0.5)
    defer { Daemon.killHalted(worker) }
    #expect(try await daemon.call("/v1/runs/\(run)/cancel", method: "POST").status == 202)
    let document = try await daemon.wait(run, for: "stopped", "failed")
    #expect(document["state"] as? String == "stopped" && document["error"] == nil)
    #expect(document["isResumable"] as? Bool == true)
  }
}
