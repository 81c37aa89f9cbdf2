import Foundation
import Testing
import TestSupport

/// The list of runs while runs come, change and go.
@Suite(.timeLimit(.minutes(20)))
struct RunListTests {
  private func ids(_ daemon: Daemon, _ query: String = "") async throws -> [String] {
    let page = try await daemon.call("/v1/runs\(query)").json
    let runs = try #require(page["runs"] as? [[String: Any]])
    return runs.compactMap { $0["id"] as? String }
  }

  private func next(_ daemon: Daemon, _ query: String) async throws -> String {
    try #require(try await daemon.call("/v1/runs\(query)").json["next"] as? String)
  }

  @Test func aPageGoesOnWhereTheLastEndedWhateverBecameOfItsRun() async throws {
    let daemon = try await Daemon(in: nil, "--max-jobs", "0")
    var runs: [String] = []
    for _ in 0..<5 { runs.insert(try await daemon.submit(), at: 0) }
    #expect(try await ids(daemon) == runs)
    let next = try await next(daemon, "?state=queued&limit=2")
    // The run that the page ended with leaves the filter.
    #expect(try await daemon.call("/v1/runs/\(runs[1])/cancel", method: "POST").status == 202)
    #expect(try await ids(daemon, "?state=queued&limit=2&after=\(next)") == Array(runs[2...3]))
    _ = try await daemon.submit()
    #expect(try await ids(daemon, "?after=\(next)") == Array(runs[2...4]))
    // The same after a restart.
    try await daemon.end(SIGTERM)
    let second = try await Daemon(in: daemon.folder, "--max-jobs", "0")
    #expect(try await ids(second, "?after=\(next)") == Array(runs[2...4]))
  }

  @Test func aPageGoesOnBehindAReportThatWasDeleted() async throws {
    let daemon = try await Daemon()
    let runs = try (0..<4).map { try daemon.makeReport("report\($0)", pairs: .hostile(3)) }
    let all = try await ids(daemon)
    #expect(Set(all) == Set(runs))
    let next = try await next(daemon, "?limit=2")
    try FileManager.default.removeItem(atPath: daemon.report(all[1]))
    #expect(try await ids(daemon, "?after=\(next)") == Array(all[2...]))
  }

  @Test(arguments: ["x", "report.1", "1", "~", "1~", "~a.1", "1~a", "01~a.1", "x~a.1", "1~a.1~b"])
  func aCursorThatIsNoneIsToldSo(text: String) async throws {
    let daemon = try await Daemon()
    let answer = try await daemon.call("/v1/runs?after=\(text)")
    #expect(answer.status == 400 && answer.problem == "invalid-parameter")
  }

  @Test func aRunIsGoneWithItsFiles() async throws {
    let daemon = try await Daemon()
    let runs = [try await daemon.submit(), try await daemon.submit(), try await daemon.submit()]
    for run in runs { try await daemon.wait(run, for: "finished") }
    let empty = daemon.folder.file("roots/empty")
    try FileManager.default.createDirectory(atPath: empty, withIntermediateDirectories: true)
    let failed = try await daemon.submit(["crawl": empty])
    try await daemon.wait(failed, for: "failed")
    try FileManager.default.removeItem(atPath: daemon.report(runs[0]))
    #expect(Set(try await ids(daemon)) == Set(runs.dropFirst() + [failed]))
    try FileManager.default.removeItem(atPath: daemon.report(runs[1]))
    for (method, path) in [
      ("GET", ""), ("POST", "/cancel"), ("POST", "/resume"), ("GET", "/events"), ("GET", "/pairs"),
    ] {
      let answer = try await daemon.call("/v1/runs/\(runs[1])\(path)", method: method)
      #expect(answer.status == 404, "\(method) \(path)")
    }
    try await daemon.end(SIGTERM)
    try FileManager.default.removeItem(atPath: daemon.report(runs[2]))
    let second = try await Daemon(in: daemon.folder)
    #expect(try await ids(second) == [failed], "one that never had a report stays")
    #expect(try await second.call("/v1/runs/\(runs[2])").status == 404)
  }
}
