import AuditKit
import AuditReport
import Foundation
import TestSupport
import Testing
import audit_cli

@Suite(.timeLimit(.minutes(20))) struct ReportCommandTests {
  /// What differs from run to run: the path and the times.
  private func withoutTimes(_ text: String) -> String {
    text.replacing(#/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC/#, with: "TIME")
      .replacing(#/took [^\n]*/#, with: "took A WHILE")
  }

  @Test("the text equals its snapshot", arguments: [80, 120])
  func text(width: Int) async throws {
    let fixture = try ReportFixture.make()
    let run = try await CommandRun("report", fixture.path, environment: ["COLUMNS": "\(width)"])
    #expect(run.status == 0, "\(run.errors)")
    for line in run.output.split(separator: "\n") {
      #expect(DisplayWidth.of(String(line)) <= width, "\(line)")
    }
    try Snapshot.expect(withoutTimes(run.output), matches: "report-\(width)")
  }

  @Test("the similarities shown are those that the scores are, not those of a later epoch")
  func standingSplit() async throws {
    let folder = try TemporaryFolder()
    let store = try ReportStore(path: folder.file("audit.sqlite"))
    let run = try store.beginRun(
      NewRun(
        crawlPath: "c", crawlFormat: "webdataset", method: "safeclip", preset: "compact", seed: 1,
        threads: 1))
    try store.replacePairs(
      of: run, with: (0..<4).map { PairRecord(key: "\($0)", caption: "c", sourcePath: "s") })
    for number in 0..<2 {
      var epoch = EpochRow(
        number: number, stage: "mixed", steps: 1, seconds: 1, loss: 1, learningRate: 1,
        logitScale: 14)
      let component = MixtureRow.Component(weight: 0.5, mean: 0.1, variance: 0.01)
      epoch.mixture = MixtureRow(lower: component, upper: component)
      epoch.histogram = SimilarityHistogram(similarities: [0.1, 0.2, 0.3, 0.4])
      let scores = PairScores(similarities: [0.1, 0.2, 0.3, 0.4])
      try store.recordEpoch(epoch, of: run, scores: number == 0 ? scores : nil)
    }
    try store.close()
    let text = try await CommandRun("report", folder.file("audit.sqlite")).output
    #expect(text.contains("Similarities after epoch 1\n"), "\(text)")
  }

  @Test("several runs are listed, and the last one is told unless another is asked for")
  func runs() async throws {
    let fixture = try ReportFixture.make(withSecondRun: true)
    let last = try await CommandRun("report", fixture.path).output
    #expect(last.contains("Run 2\n"))
    #expect(last.contains("crawl/small"))
    let first = try await CommandRun("report", fixture.path, "--run", "1").output
    #expect(first.contains("Run 1\n"))
    let missing = try await CommandRun("report", fixture.path, "--run", "9")
    #expect(missing.status == 1)
    #expect(missing.errors.contains("The report has no run 9."))
  }

  @Test("--json holds runs, epochs, estimates and the configuration as JSON")
  func json() async throws {
    let fixture = try ReportFixture.make()
    let run = try await CommandRun("report", fixture.path, "--json")
    let document = try #require(
      try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
    #expect((document["runs"] as? [Any])?.count == 1)
    #expect((document["epochs"] as? [Any])?.count == 4)
    #expect((document["estimates"] as? [Any])?.count == 3)
    let details = try #require(document["run"] as? [String: Any])
    #expect((details["configuration"] as? [String: Any])?["seed"] as? Int == 7)
    #expect((details["summary"] as? [String: Any])?["pairs"] as? Int == 70)
    #expect(details["state"] as? String == "finished")
  }

  @Test("rejections are listed with place and reason, and steer no terminal")
  func rejections() async throws {
    let fixture = try ReportFixture.make()
    let text = try await CommandRun("report", fixture.path, "--rejected")
    #expect(text.output.contains("shards/00000.tar!broken.jpg at byte 4096"))
    #expect(!text.output.contains("\u{1B}"))
    let json = try await CommandRun("report", fixture.path, "--rejected", "--json")
    let list = try JSONDecoder().decode([RejectionRecord].self, from: Data(json.output.utf8))
    #expect(list.map(\.reason) == ["truncatedImage", "missingCaption", "missingCaption"])
  }

  @Test("what is no report is named and ends with 1", arguments: ["report", "pairs", "export"])
  func noReport(command: String) async throws {
    let missing = try await CommandRun(command, "/nowhere/\u{1B}[2J.sqlite")
    #expect(missing.status == 1)
    #expect(missing.errors.contains("There is no report at /nowhere/\\e[2J.sqlite."))
    #expect(missing.output.isEmpty)
    let other = try await CommandRun(command, #filePath)
    #expect(other.status == 1)
    #expect(other.errors.contains("is not a report"))
  }

  @Test("a pair list equals its snapshot", arguments: [60, 100])
  func pairs(width: Int) async throws {
    let fixture = try ReportFixture.make()
    let run = try await CommandRun(
      "pairs", fixture.path, "--limit", "8", environment: ["COLUMNS": "\(width)"])
    #expect(run.status == 0, "\(run.errors)")
    #expect(!run.output.contains("\u{1B}"))
    for line in run.output.split(separator: "\n") {
      #expect(DisplayWidth.of(String(line)) <= width, "\(line)")
    }
    try Snapshot.expect(run.output, matches: "pairs-\(width)")
  }

  private struct List: Decodable {
    struct Pair: Decodable {
      var key: String
      var risk: Double
      var rank: Int
    }
    var pairs: [Pair]
    var next: String?
  }

  @Test("pages of --json join without gap or overlap")
  func pages() async throws {
    let fixture = try ReportFixture.make()
    var ranks: [Int] = []
    var arguments = ["pairs", fixture.path, "--json", "--limit", "32"]
    while true {
      let run = try await CommandRun(arguments)
      let list = try JSONDecoder().decode(List.self, from: Data(run.output.utf8))
      ranks += list.pairs.map(\.rank)
      guard let next = list.next else { break }
      arguments = ["pairs", fixture.path, "--json", "--limit", "32", "--after", next]
    }
    #expect(ranks == Array(1...70))
  }

  @Test("--min-risk keeps the pairs at or above it")
  func minimumRisk() async throws {
    let fixture = try ReportFixture.make()
    let run = try await CommandRun(
      "pairs", fixture.path, "--json", "--min-risk", "0.9", "--limit", "1000")
    let list = try JSONDecoder().decode(List.self, from: Data(run.output.utf8))
    #expect(!list.pairs.isEmpty && list.pairs.count < 70)
    #expect(list.pairs.allSatisfy { $0.risk >= 0.9 })
  }

  @Test("one pair is shown with its history")
  func oneKey() async throws {
    let fixture = try ReportFixture.make()
    let run = try await CommandRun(
      "pairs", fixture.path, "--key", "key-4", environment: ["COLUMNS": "80"])
    try Snapshot.expect(run.output, matches: "pair")
    let missing = try await CommandRun("pairs", fixture.path, "--key", "none")
    #expect(missing.status == 1)
    #expect(missing.errors.contains("no pair with the key 'none'"))
  }

  @Test(
    "wrong arguments end with 64 before the report is opened",
    arguments: [
      ["pairs", "x", "--min-risk", "2"], ["pairs", "x", "--limit", "0"],
      ["pairs", "x", "--order", "size"], ["pairs", "x", "--after", "nonsense"], ["pairs"],
      ["export", "x", "--what", "some"], ["export", "x", "--json"],
      ["report", "x", "--limit", "0"],
      ["scan"], ["scan", "x", "--fail-above", "3"], ["scan", "x", "--format", "zip"],
      ["doctor", "--plan", "0"], ["doctor", "--seconds-each", "0"], ["convert", "openclipart"],
    ])
  func wrongUsage(arguments: [String]) async throws {
    let run = try await CommandRun(arguments)
    #expect(run.status == 64, "\(run.errors)")
    #expect(run.output.isEmpty)
  }
}
