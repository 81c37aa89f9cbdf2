import AuditReport
import Foundation
import GRDB
import Testing
import TestSupport

/// Reports and shards that change, go or are held while the service has them open.
@Suite(.timeLimit(.minutes(20)))
struct ChangedFileTests {
  /// Waits for the service to let go of deleted files whose names hold `name`.
  private func expectClosed(_ daemon: Daemon, _ name: String) async throws {
    let end = ContinuousClock.now + .seconds(60)
    while daemon.deletedFiles.contains(where: { $0.contains(name) }), .now < end {
      try await Task.sleep(for: .milliseconds(20))
    }
    #expect(daemon.deletedFiles.filter { $0.contains(name) } == [])
  }

  private func delete(_ daemon: Daemon, _ run: String) throws {
    for ending in ["", "-wal", "-shm"] {
      try? FileManager.default.removeItem(atPath: daemon.report(run) + ending)
    }
    try #require(!FileManager.default.fileExists(atPath: daemon.report(run)))
  }

  @Test func aDeletedReportIsLetGoOf() async throws {
    let daemon = try await Daemon()
    for (name, path, status) in [("one", "/v1/runs/one.1/pairs", 404), ("two", "/v1/runs", 200)] {
      let run = try daemon.makeReport(name, pairs: .hostile())
      #expect(try await daemon.call("/v1/runs/\(run)/pairs").status == 200)
      try delete(daemon, run)
      #expect(try await daemon.call(path).status == status)
      try await expectClosed(daemon, "\(name).sqlite")
    }
  }

  @Test func aDeletedReportIsNotMadeAnewByAVerdict() async throws {
    let daemon = try await Daemon()
    let run = try daemon.makeReport("report", pairs: .hostile())
    #expect(try await daemon.call("/v1/runs/\(run)").status == 200)
    try delete(daemon, run)
    let answer = try await daemon.call(
      "/v1/runs/\(run)/pairs/key1/verdict", method: "PUT", json: ["verdict": "clean"])
    #expect(answer.status == 404)
    // Also where it goes in the moment before the verdict is written.
    let path = daemon.report(run)
    #expect(throws: ReportError.missing(path: path)) {
      try ReportStore(path: path, creating: false)
    }
    #expect(!FileManager.default.fileExists(atPath: path))
  }

  @Test func queriesThatLookAlikeWhenDecodedHaveTheirOwnAnswers() async throws {
    let daemon = try await Daemon()
    let run = try daemon.makeReport("report", pairs: .hostile())
    func count(_ query: String) async throws -> Int? {
      let page = try await daemon.call("/v1/runs/\(run)/pairs?\(query)").json
      return (page["pairs"] as? [Any])?.count
    }
    #expect(try await count("q=dog%26limit=1") == 0)
    #expect(try await count("q=dog&limit=1") == 1)
  }

  @Test(arguments: [false, true])
  func aReplacedShardIsShownAsItIsNow(isCompressed: Bool) async throws {
    let daemon = try await Daemon()
    let image = [UInt8](
      try Data(contentsOf: Repository.fixture("crawls/damaged-captions/good.png")))
    let shard = try daemon.folder.write("roots/shard", [UInt8](repeating: 0, count: 512) + image)
    let empty = try daemon.folder.write("roots/empty", [UInt8](repeating: 0, count: 4096))
    if isCompressed { for file in [shard, empty] { try compress(file) } }
    let run = try daemon.makeReport(
      "report",
      pairs: [PairRecord].hostile(3) + [
        PairRecord(
          key: "key", caption: "caption", sourcePath: shard, sourceMember: "a.png",
          sourceOffset: 512, sourceLength: Int64(image.count))
      ])
    func status() async throws -> Int {
      try await daemon.call("/v1/runs/\(run)/pairs/key/thumbnail").status
    }
    #expect(try await status() == 200)
    try #require(rename(empty, shard) == 0)
    #expect(try await status() == 404, "no image there any more")
    try FileManager.default.removeItem(atPath: shard)
    // Whether or not anybody asks for it.
    try await expectClosed(daemon, "roots/shard")
  }

  /// Puts a file's gzip in its place.
  private func compress(_ path: String) throws {
    let process = Process()
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = ["-e", "-c", "gzip \"$0\"; mv \"$0.gz\" \"$0\"", path]
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0)
  }

  @Test func aJobWhoseReportCannotBeReadIsNotShownAsAnEmptyOne() async throws {
    let daemon = try await Daemon(in: nil, "--max-jobs", "0")
    let run = try await daemon.submit()
    #expect(try await daemon.state(run) == "queued", "there is no report yet")
    try Data("text".utf8).write(to: URL(filePath: daemon.report(run)))
    #expect(try await daemon.call("/v1/runs/\(run)").status >= 500)
    // Its job can be told of all the same, and cancelled.
    let runs = try await daemon.call("/v1/runs").json["runs"] as? [[String: Any]]
    #expect(runs?.map { $0["state"] as? String } == ["queued"])
    let cancelled = try await daemon.call("/v1/runs/\(run)/cancel", method: "POST")
    #expect(cancelled.status == 202)
    #expect(try cancelled.json["state"] as? String == "stopped")
  }

  @Test func aVerdictThatWaitsForAnotherWriterIsAnsweredInTime() async throws {
    let folder = try Daemon.makeFolder()
    try folder.write("auditd.json", #"{"answerSeconds": 2}"#)
    let daemon = try await Daemon(in: folder, "--config", folder.file("auditd.json"))
    let run = try daemon.makeReport("report", pairs: .hostile())
    var configuration = GRDB.Configuration()
    configuration.allowsUnsafeTransactions = true
    let writer = try DatabaseQueue(path: daemon.report(run), configuration: configuration)
    try await writer.writeWithoutTransaction { try $0.execute(sql: "BEGIN IMMEDIATE") }
    // The report itself is waited for up to a minute.
    let answer = try await daemon.call(
      "/v1/runs/\(run)/pairs/key1/verdict", method: "PUT", json: ["verdict": "clean"])
    #expect(answer.status == 503 && answer.problem == "timeout")
    try await writer.writeWithoutTransaction { try $0.execute(sql: "ROLLBACK") }
  }
}
