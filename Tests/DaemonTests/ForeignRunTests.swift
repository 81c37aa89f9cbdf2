import Foundation
import Testing
import TestSupport

/// Runs that audit-cli makes in the service's folder.
@Suite(.timeLimit(.minutes(20)), .serialized)
struct ForeignRunTests {
  private func scan(_ daemon: Daemon, errors: FileHandle = .nullDevice) throws -> Process {
    let command = Process()
    command.executableURL = URL(filePath: Daemon.buildFolder).appending(path: "audit-cli")
    command.arguments = [
      "scan", daemon.crawl, "--report", daemon.folder.file("reports/own.sqlite"), "--quiet",
      "--preset", daemon.folder.file("roots/tiny.json"), "--threads", "1", "--set",
      "training.epochs=400", "--set", "training.warmUpEpochs=1", "--set", "training.slowPasses=1",
      "--set", "training.batchSize=24",
    ]
    command.standardOutput = FileHandle.nullDevice
    command.standardError = errors
    try command.run()
    return command
  }

  @Test func aKilledScanIsNotRunning() async throws {
    let daemon = try await Daemon()
    let command = try scan(daemon)
    defer { if command.isRunning { kill(command.processIdentifier, SIGKILL) } }
    try await daemon.wait("own.1", epochs: 1)
    #expect(try await daemon.state("own.1") == "running")
    let events = try #require(try RawConnection(daemon))
    events.send("GET /v1/runs/own.1/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
    _ = events.read(until: "event: run\n")
    kill(command.processIdentifier, SIGKILL)
    command.waitUntilExit()
    #expect(try await daemon.state("own.1") == "stopped")
    let runs = try await daemon.call("/v1/runs?state=stopped").json["runs"] as? [[String: Any]]
    #expect(runs?.map { $0["id"] as? String } == ["own.1"])
    let stream = Task.detached { events.read(until: "\r\n0\r\n\r\n") }
    #expect(await stream.value.contains(#""state":"stopped""#))
  }

  @Test func aSecondScanIntoAReportIsRefused() async throws {
    let daemon = try await Daemon()
    let first = try scan(daemon)
    defer { if first.isRunning { kill(first.processIdentifier, SIGKILL) } }
    try await daemon.wait("own.1", epochs: 1)
    // Not a pipe: whatever other tests start meanwhile would hold it open.
    let file = try daemon.folder.write("errors", "")
    let second = try scan(daemon, errors: try #require(FileHandle(forWritingAtPath: file)))
    second.waitUntilExit()
    let text = try String(contentsOfFile: file, encoding: .utf8)
    #expect(second.terminationStatus == 1 && text.contains("another process scans into"), "\(text)")
    #expect(first.isRunning)
    kill(first.processIdentifier, SIGKILL)
    first.waitUntilExit()
    #expect(try await daemon.state("own.1") == "stopped")
    // What a killed scan leaves keeps nobody out.
    let third = try scan(daemon)
    defer { kill(third.processIdentifier, SIGKILL) }
    try await daemon.wait("own.2", epochs: 1)
    #expect(try await daemon.state("own.2") == "running")
  }
}
