import AuditReport
import Foundation
import FoundationNetworking
import GRDB
import Testing
import TestSupport

/// Jobs of a real service: from submission to report, through stops, crashes and kills.
@Suite(.timeLimit(.minutes(20)), .serialized)
struct JobTests {
  /// So many that a slow test finds the scan at work still.
  private static let epochs = 50

  @Test func runsToItsEndAndTellsAboutIt() async throws {
    let daemon = try await Daemon()
    let run = try await daemon.submit(["heldOut": daemon.crawl, "keepModel": true])
    let (bytes, _) = try await URLSession.shared.data(
      from: daemon.url.appending(path: "v1/runs/\(run)/events"))
    let events = String(decoding: bytes, as: UTF8.self)
    for name in ["run", "progress", "epoch", "end"] {
      #expect(events.contains("event: \(name)\n"), "\(events)")
    }
    let document = try await daemon.wait(run, for: "finished", "failed")
    #expect(document["state"] as? String == "finished", "\(document)")
    #expect(document["pairs"] as? Int ?? 0 > 50)
    #expect(document["submittedAt"] != nil && document["finishedAt"] != nil)
    let reader = try ReportReader(path: daemon.report(run))
    #expect(try reader.read { try $0.run(1) }.state == .finished)
    let model = try #require(document["model"] as? String)
    #expect(FileManager.default.fileExists(atPath: model + "/open_clip_config.json"))
    let pairs = try await daemon.call("/v1/runs/\(run)/pairs").json["pairs"] as? [Any]
    #expect(pairs?.isEmpty == false)
    // However the safe set came about, all tell the same of it.
    let both = try await daemon.call("/v1/runs/\(run)/compare/\(run)").json
    let safe = try #require(both["safeInBoth"] as? Int)
    #expect((both["a"] as? [String: Any])?["safeCount"] as? Int == safe)
    let estimates = try await daemon.call("/v1/runs/\(run)/estimates").json
    #expect(estimates["safeCount"] as? Int == safe)
    let share = try #require(document["safeShare"] as? Double)
    #expect(abs(share * Double(document["pairs"] as? Int ?? 0) - Double(safe)) < 0.5)
  }

  @Test func sameKeyGivesTheSameRun() async throws {
    let daemon = try await Daemon(in: nil, "--max-jobs", "0")
    let body: [String: Any] = ["crawl": daemon.crawl]
    func submit(_ body: [String: Any]) async throws -> Answer {
      try await daemon.call(
        "/v1/runs", method: "POST", json: body, ["Idempotency-Key": "one"])
    }
    let first = try await submit(body)
    let second = try await submit(body)
    #expect(first.status == 201 && second.status == 200)
    #expect(try first.json["id"] as? String == second.json["id"] as? String)
    #expect(first.fields["location"] == "/v1/runs/\(try first.json["id"] as? String ?? "")")
    let other = try await submit(["crawl": daemon.crawl, "keepModel": true])
    #expect(other.status == 422 && other.problem == "idempotency-key-reused")
    let runs = try await daemon.call("/v1/runs").json["runs"] as? [Any]
    #expect(runs?.count == 1)
    // The crawl is gone; the answer to a repetition is not.
    try FileManager.default.moveItem(atPath: daemon.crawl, toPath: daemon.crawl + "-moved")
    let third = try await submit(body)
    #expect(third.status == 200 && third.fields["location"] == first.fields["location"])
    #expect(try await submit(["crawl": "/etc"]).problem == "idempotency-key-reused")
    #expect(try await daemon.call("/v1/runs", method: "POST", json: body).status == 403)
  }

  @Test func waitingJobHasAPlaceAndCanBeCancelled() async throws {
    let daemon = try await Daemon(in: nil, "--max-jobs", "0")
    let first = try await daemon.submit()
    let second = try await daemon.submit()
    let document = try await daemon.call("/v1/runs/\(second)").json
    #expect(document["state"] as? String == "queued")
    #expect(document["queuePosition"] as? Int == 2)
    #expect(try await daemon.call("/v1/runs/\(first)/cancel", method: "POST").status == 202)
    #expect(try await daemon.state(first) == "stopped")
    #expect(try await daemon.call("/v1/runs/\(second)").json["queuePosition"] as? Int == 1)
    #expect(try await daemon.call("/v1/runs/\(first)/cancel", method: "POST").status == 409)
    #expect(try await daemon.call("/v1/runs/\(first)/history").status == 404)
  }

  @Test func cancelledJobGoesOnWhereItStopped() async throws {
    let daemon = try await Daemon()
    let run = try await daemon.submit(epochs: Self.epochs)
    try await daemon.wait(run, epochs: 2)
    #expect(try await daemon.call("/v1/runs/\(run)/cancel", method: "POST").status == 202)
    let stopped = try await daemon.wait(run, for: "stopped")
    #expect(stopped["isResumable"] as? Bool == true)
    #expect(daemon.workers.isEmpty)
    let epochs = try await epochCount(daemon, run)
    #expect(epochs >= 2 && epochs < Self.epochs)
    #expect(try await daemon.call("/v1/runs/\(run)/resume", method: "POST").status == 202)
    let finished = try await daemon.wait(run, for: "finished", "failed")
    #expect(finished["state"] as? String == "finished", "\(finished)")
    #expect(try await epochCount(daemon, run) == Self.epochs)
  }

  @Test func killedServiceGoesOnAtItsNextStart() async throws {
    let first = try await Daemon()
    let run = try await first.submit(epochs: Self.epochs)
    try await first.wait(run, epochs: 2)
    let workers = first.workers
    #expect(workers.count == 1)
    try await first.end(SIGKILL)
    let second = try await Daemon(in: first.folder)
    let document = try await second.wait(run, for: "finished", "failed")
    #expect(document["state"] as? String == "finished", "\(document)")
    #expect(try await epochCount(second, run) == Self.epochs)
    // The old scan stopped by itself when its service was gone.
    for worker in workers {
      let state = Daemon.state(ofProcess: worker)
      #expect(state == nil || state == "Z")
    }
    #expect(try integrity(second.report(run)) == ["ok"])
  }

  @Test func stoppedServiceWritesACheckpointAndGoesOn() async throws {
    let first = try await Daemon()
    let run = try await first.submit(epochs: Self.epochs)
    try await first.wait(run, epochs: 2)
    #expect(try await first.end(SIGTERM) == 0)
    #expect(first.logText.contains("stopped"))
    let reader = try ReportReader(path: first.report(run))
    #expect(try reader.read { try $0.run(1) }.state == .stopped)
    let second = try await Daemon(in: first.folder)
    let finished = try await second.wait(run, for: "finished", "failed")
    #expect(finished["state"] as? String == "finished", "\(finished)")
    #expect(try await epochCount(second, run) == Self.epochs)
  }

  @Test func crashOfAScanEndsTheJobAndNotTheService() async throws {
    let daemon = try await Daemon()
    let run = try await daemon.submit(epochs: 400)
    try await daemon.wait(run, epochs: 1)
    let worker = try #require(daemon.workers.first)
    kill(worker, SIGKILL)
    let document = try await daemon.wait(run, for: "failed")
    #expect((document["error"] as? String)?.contains("signal 9") == true)
    #expect(document["isResumable"] as? Bool == true)
    let reader = try ReportReader(path: daemon.report(run))
    #expect(try reader.read { try $0.run(1) }.state == .failed)
    #expect(try await daemon.call("/healthz").status == 200)
    #expect(try integrity(daemon.report(run)) == ["ok"])
  }

  @Test(arguments: ["empty", "em\u{2028}p\u{85}t\u{2029}y"])
  func scanThatCannotBeginTellsWhy(name: String) async throws {
    let daemon = try await Daemon()
    let empty = daemon.folder.file("roots/\(name)")
    try FileManager.default.createDirectory(atPath: empty, withIntermediateDirectories: true)
    let answer = try await daemon.call("/v1/runs", method: "POST", json: ["crawl": empty])
    let run = try #require(try answer.json["id"] as? String)
    let document = try await daemon.wait(run, for: "failed")
    #expect((document["error"] as? String)?.contains(empty) == true)
  }

  @Test func verdictsComeFromAnEarlierRun() async throws {
    let daemon = try await Daemon()
    let first = try await daemon.submit()
    try await daemon.wait(first, for: "finished")
    let pairs =
      try await daemon.call("/v1/runs/\(first)/pairs?limit=1").json["pairs"] as? [[String: Any]]
    let key = try #require(pairs?.first?["key"] as? String)
    let verdict = try await daemon.call(
      "/v1/runs/\(first)/pairs/\(key)/verdict", method: "PUT", json: ["verdict": "poison"])
    #expect(verdict.status == 200)
    let second = try await daemon.submit(["verdictsFrom": first])
    #expect(try await daemon.wait(second, for: "finished")["verdicts"] as? Int == 1)
    let compared = try await daemon.call("/v1/runs/\(first)/compare/\(second)").json
    #expect(compared["rankCorrelation"] as? Double == 1, "the same seed gives the same ranks")
    #expect((compared["settings"] as? [Any])?.isEmpty == true)
  }

  private func epochCount(_ daemon: Daemon, _ run: String) async throws -> Int {
    (try await daemon.call("/v1/runs/\(run)/history").json["epochs"] as? [Any])?.count ?? 0
  }

  private func integrity(_ path: String) throws -> [String] {
    try DatabaseQueue(path: path).read { try String.fetchAll($0, sql: "PRAGMA integrity_check") }
  }
}
