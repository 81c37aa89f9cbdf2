import Foundation
import Testing
import TestSupport

/// A disk that is full or takes no writes, and has room again.
@Suite(.timeLimit(.minutes(20)), .serialized)
struct DiskTests {
  @Test func fullDiskFailsTheJobAndNotTheService() async throws {
    let folder = try Daemon.makeFolder()
    let reports = folder.file("reports")
    // As large as a service with its job's beginnings needs, and no larger.
    guard try shell("mount -t tmpfs -o size=400k tmpfs '\(reports)'") == 0 else {
      print("skipped: a small file system cannot be mounted here")
      return
    }
    defer { _ = try? shell("umount -l '\(reports)'") }
    let daemon = try await Daemon(in: folder)
    let run = try await daemon.submit(epochs: 40)
    let document = try await daemon.wait(run, for: "failed")
    #expect((document["error"] as? String)?.isEmpty == false)
    #expect(try await daemon.call("/healthz").status == 200)
    // Filled to the last block, the service says that it takes no work, and goes on with the rest.
    _ = try shell("dd if=/dev/zero of='\(reports)/fill' bs=4k")
    #expect(try await daemon.call("/v1/runs").status == 200)
    let refused = try await daemon.call("/v1/runs", method: "POST", json: ["crawl": daemon.crawl])
    #expect(refused.status == 503 && refused.problem == "unavailable")
    #expect(try await daemon.call("/readyz").status == 503)
    // What the scan wrote took the rest of the room.
    let name = run.prefix { $0 != "." }
    for file in try FileManager.default.contentsOfDirectory(atPath: reports)
    where file == "fill" || file.hasPrefix(name) {
      try FileManager.default.removeItem(atPath: "\(reports)/\(file)")
    }
    // It may tell for a second what it found before.
    while try await daemon.call("/readyz").status != 200 {
      try await Task.sleep(for: .milliseconds(50))
    }
    try await daemon.end(SIGTERM)
  }

  @Test func whatCannotBeStartedIsTriedAgainByItself() async throws {
    let folder = try Daemon.makeFolder()
    let daemon = try await Daemon(in: folder)
    let first = try await daemon.submit(epochs: 400)
    let second = try await daemon.submit()
    try await daemon.wait(first, epochs: 1)
    // With a folder in the place of its journal, nothing can be written into the list of jobs.
    let journal = folder.file("reports/auditd.sqlite-journal")
    try FileManager.default.createDirectory(atPath: journal, withIntermediateDirectories: false)
    let worker = try #require(daemon.workers.first)
    kill(worker, SIGKILL)
    while !daemon.logText.contains("job cannot be started") {
      try await Task.sleep(for: .milliseconds(20))
    }
    #expect(try await daemon.state(second) == "queued")
    try FileManager.default.removeItem(atPath: journal)
    try await daemon.wait(second, for: "finished")
    try await daemon.end(SIGTERM)
  }

  @Test func whatCannotBeKeptHasNotHappened() async throws {
    let daemon = try await Daemon(in: nil, "--max-jobs", "0")
    let (queued, stopped) = (try await daemon.submit(), try await daemon.submit())
    #expect(try await daemon.call("/v1/runs/\(stopped)/cancel", method: "POST").status == 202)
    let journal = daemon.folder.file("reports/auditd.sqlite-journal")
    try FileManager.default.createDirectory(atPath: journal, withIntermediateDirectories: false)
    for (run, change, state) in [(queued, "cancel", "queued"), (stopped, "resume", "stopped")] {
      let answer = try await daemon.call("/v1/runs/\(run)/\(change)", method: "POST")
      #expect(answer.status == 503 && answer.problem == "unavailable", "\(change)")
      #expect(try await daemon.state(run) == state, "\(change)")
    }
    try FileManager.default.removeItem(atPath: journal)
    #expect(try await daemon.call("/v1/runs/\(stopped)/resume", method: "POST").status == 202)
    #expect(try await daemon.state(stopped) == "queued")
  }

  /// Runs a line of shell; returns its exit status.
  private func shell(_ line: String) throws -> Int32 {
    let process = Process()
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = ["-c", line]
    process.standardError = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus
  }
}
