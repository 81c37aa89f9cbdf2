import AuditReport
import Foundation
import Testing
import TestSupport

/// What polling dashboards rely on: validators, compression, exports, lists.
@Suite(.timeLimit(.minutes(20)))
struct PollingTests {
  @Test func answersAreTheSameUntilTheReportChanges() async throws {
    let daemon = try await Daemon()
    let run = try daemon.makeReport("report", pairs: .hostile())
    for path in ["", "/history", "/estimates", "/pairs?limit=5", "/mixture", "/pairs/key1"] {
      let path = "/v1/runs/\(run)\(path)"
      let first = try await daemon.call(path)
      let tag = try #require(first.fields["etag"])
      #expect(first.status == 200 && first.fields["cache-control"]?.contains("no-cache") == true)
      for given in [tag, "W/\(tag)", "\"x\", \(tag)", "*"] {
        let again = try await daemon.call(path, ["If-None-Match": given])
        #expect(again.status == 304 && again.body.isEmpty, "\(path) \(given)")
        #expect(again.fields["vary"] == "Accept-Encoding", "\(path)")
      }
      #expect(try await daemon.call(path, ["If-None-Match": "\"x\""]).status == 200)
    }
    let tag = try #require(try await daemon.call("/v1/runs/\(run)/estimates").fields["etag"])
    _ = try await daemon.call(
      "/v1/runs/\(run)/pairs/key1/verdict", method: "PUT", json: ["verdict": "clean"])
    let changed = try await daemon.call(
      "/v1/runs/\(run)/estimates", ["If-None-Match": tag])
    #expect(changed.status == 200)
    let review = try changed.json["review"] as? [String: Any]
    #expect(review?["clean"] as? Int == 1)
  }

  @Test func reportsOfTheCommandAppearByThemselves() async throws {
    let daemon = try await Daemon()
    #expect((try await daemon.call("/v1/runs").json["runs"] as? [Any])?.isEmpty == true)
    let a = try daemon.makeReport("one", pairs: .hostile())
    let b = try daemon.makeReport("one", pairs: .hostile(), seed: 2)
    try daemon.folder.write("reports/not a report.sqlite", "text")
    try daemon.folder.write("reports/other.sqlite", "text")
    let runs = try await daemon.call("/v1/runs").json["runs"] as? [[String: Any]]
    #expect(Set(runs?.compactMap { $0["id"] as? String } ?? []) == [a, b])
    let page = try await daemon.call("/v1/runs?limit=1").json
    let next = try #require(page["next"] as? String)
    let rest = try await daemon.call("/v1/runs?limit=1&after=\(next)").json
    #expect((rest["runs"] as? [Any])?.count == 1 && rest["next"] == nil)
    #expect(try await daemon.call("/v1/runs/auditd.1").status == 404, "the jobs' own database")
    try FileManager.default.removeItem(atPath: daemon.report(a))
    #expect(try await daemon.call("/v1/runs/\(a)").status == 404)
  }

  /// The list of a folder with hundreds of reports must not open each of them for each poll.
  @Test func reportsThatDidNotChangeAreNotReadAgain() async throws {
    let daemon = try await Daemon()
    let anHourAgo = Date(timeIntervalSince1970: (Date().timeIntervalSince1970 - 3600).rounded())
    func settle(_ run: String) throws {
      for path in [daemon.report(run), daemon.report(run) + "-wal"]
      where FileManager.default.fileExists(atPath: path) {
        try FileManager.default.setAttributes([.modificationDate: anHourAgo], ofItemAtPath: path)
      }
    }
    func listed() async throws -> Set<String> {
      let runs = try await daemon.call("/v1/runs").json["runs"] as? [[String: Any]]
      return Set(runs?.compactMap { $0["id"] as? String } ?? [])
    }
    // More than the service keeps open.
    let runs = try (0..<14).map { try daemon.makeReport("report\($0)", pairs: .hostile(3)) }
    for run in runs { try settle(run) }
    #expect(try await listed() == Set(runs))
    for run in runs {
      let file = try FileHandle(forUpdating: URL(filePath: daemon.report(run)))
      try file.write(contentsOf: Data(repeating: 1, count: 100))
      try file.close()
      try settle(run)
    }
    #expect(try await listed() == Set(runs))
  }

  @Test func aReportThatChangedIsListedAnewHoweverOldItsFileSeems() async throws {
    let daemon = try await Daemon()
    let first = try daemon.makeReport("report", pairs: .hostile(3))
    func ids() async throws -> [String] {
      let runs = try await daemon.call("/v1/runs").json["runs"] as? [[String: Any]]
      return runs?.compactMap { $0["id"] as? String } ?? []
    }
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSinceNow: -3600)],
      ofItemAtPath: daemon.report(first))
    #expect(try await ids() == [first])
    let second = try daemon.makeReport("report", pairs: .hostile(3), seed: 2)
    #expect(Set(try await ids()) == [first, second])
  }

  @Test func pagesOfPairsAddUp() async throws {
    let daemon = try await Daemon()
    let run = try daemon.makeReport("report", pairs: .hostile(45))
    for order in ["risk", "similarity", "key", "ordinal"] {
      var (ordinals, after) = ([Int](), "")
      repeat {
        let page = try await daemon.call("/v1/runs/\(run)/pairs?order=\(order)&limit=7\(after)")
          .json
        let pairs = try #require(page["pairs"] as? [[String: Any]])
        ordinals += pairs.compactMap { $0["ordinal"] as? Int }
        after = (page["next"] as? String).map { "&after=\($0)" } ?? ""
      } while !after.isEmpty
      #expect(ordinals.sorted() == Array(0..<45), "\(order)")
    }
    let found = try await daemon.call("/v1/runs/\(run)/pairs?q=%22red%20dog%22").json["pairs"]
    #expect((found as? [Any])?.count == 6)
  }

  @Test(arguments: [
    "limit=0", "limit=1001", "limit=x", "limit=1&limit=2", "order=worst", "minRisk=2",
    "minRisk=nan",
    "safe=maybe", "verdict=good", "q=", "q=%22%22", "after=xyz", "foo=1",
  ])
  func wrongParametersAreToldWhy(query: String) async throws {
    let daemon = try await Daemon()
    let run = try daemon.makeReport("report", pairs: .hostile())
    let answer = try await daemon.call("/v1/runs/\(run)/pairs?\(query)")
    #expect(answer.status == 400 && answer.problem == "invalid-parameter", "\(query)")
  }

  @Test(arguments: ["csv", "jsonl", "txt"], ["all", "safe", "risky"])
  func exportIsThatOfTheCommand(format: String, what: String) async throws {
    let daemon = try await Daemon()
    let run = try daemon.makeReport("report", pairs: .hostile(2500))
    let answer = try await daemon.call("/v1/runs/\(run)/export?format=\(format)&what=\(what)")
    #expect(answer.status == 200)
    #expect(
      answer.fields["content-disposition"] == "attachment; filename=\"\(run)-\(what).\(format)\"")
    let command = Process()
    command.executableURL = URL(filePath: Daemon.buildFolder).appending(path: "audit-cli")
    let file = daemon.folder.file("export")
    command.arguments = [
      "export", daemon.report(run), "--format", format, "--what", what, "-o", file,
    ]
    command.standardOutput = FileHandle.nullDevice
    try command.run()
    command.waitUntilExit()
    #expect(answer.body == (try Data(contentsOf: URL(filePath: file))))
    #expect(answer.body.count > 1000)
  }

  @Test func pairOfAListIsThePairOfItsOwnPage() async throws {
    let daemon = try await Daemon()
    let run = try daemon.makeReport("report", pairs: .hostile())
    let list = try await daemon.call("/v1/runs/\(run)/pairs?order=ordinal").json["pairs"]
    let pairs = try #require(list as? [[String: Any]])
    #expect(pairs[1]["url"] as? String == "https://host1.example/\"<1>.png")
    #expect(pairs[1]["uid"] as? String == "00000000000000000000000000000001")
    #expect(pairs[1]["originalWidth"] as? Int == 640 && pairs[1]["originalHeight"] as? Int == 480)
    #expect(pairs[1]["sha256Matches"] as? Bool == true)
    #expect(pairs[2]["sha256Matches"] as? Bool == false && pairs[2]["originalWidth"] == nil)
    #expect(pairs[3]["url"] == nil && pairs[3]["uid"] == nil && pairs[3]["sha256Matches"] == nil)
    for place in 1...3 {
      let page = try await daemon.call("/v1/runs/\(run)/pairs/key\(place)").json["pairs"]
      let pair = (page as? [[String: Any]])?.first?["pair"] as? [String: Any]
      for name in ["key", "url", "uid", "originalWidth", "originalHeight", "sha256Matches"] {
        #expect(pair?[name] as? NSObject == pairs[place][name] as? NSObject, "\(name)")
      }
    }
  }

  @Test func aListTellsReasonsInShortWhereItIsAskedTo() async throws {
    let daemon = try await Daemon()
    let run = try daemon.makeReport("report", pairs: .hostile())
    func pairs(_ query: String) async throws -> [[String: Any]] {
      let page = try await daemon.call("/v1/runs/\(run)/pairs?limit=5\(query)").json
      return try #require(page["pairs"] as? [[String: Any]])
    }
    for query in ["", "&reasons=false"] {
      #expect(try await pairs(query).allSatisfy { $0["reasons"] == nil })
    }
    let first = try #require(try await pairs("&reasons=true").first?["reasons"] as? [String])
    // Two neighbours have one image here.
    #expect(
      first == [
        "0 % chance to match", "0 % of shuffled pairs are less similar",
        "same image in 1 other pair",
      ])
    #expect(try await daemon.call("/v1/runs/\(run)/pairs?reasons=x").status == 400)
  }

  @Test func verdictsAreKeptCountedAndCarriedOver() async throws {
    let daemon = try await Daemon()
    let a = try daemon.makeReport("a", pairs: .hostile())
    let b = try daemon.makeReport("b", pairs: .hostile(), seed: 2)
    let path = "/v1/runs/\(a)/pairs/folder%2F%C3%A4%205.png/verdict"
    let put = try await daemon.call(
      path, method: "PUT", json: ["verdict": "poison", "note": "<b>", "reviewer": "me"])
    #expect(put.status == 200)
    #expect(try put.json["reviewer"] as? String == "me")
    let odd = try await daemon.call(
      path, method: "PUT", json: ["verdict": "poison", "note": "a\u{0}b", "reviewer": "me"])
    let kept = try await daemon.call("/v1/runs/\(a)/verdicts").json["verdicts"]
    let note = (kept as? [[String: Any]])?.first?["note"] as? String
    #expect(try note == "a\u{FFFD}b" && odd.json["note"] as? String == note)
    let only = try await daemon.call("/v1/runs/\(a)/pairs?verdict=poison").json["pairs"]
    #expect((only as? [[String: Any]])?.first?["key"] as? String == "folder/ä 5.png")
    let table = try await daemon.call("/v1/runs/\(a)/verdicts?format=csv")
    let imported = try await daemon.call(
      "/v1/runs/\(b)/verdicts", method: "POST", body: table.body, ["Content-Type": "text/csv"])
    #expect(try imported.json["imported"] as? Int == 1)
    let again = try await daemon.call("/v1/runs/\(b)/verdicts?from=\(a)", method: "POST")
    #expect(try again.json["unchanged"] as? Int == 1)
    #expect(try await daemon.call("/v1/runs/\(b)").json["verdicts"] as? Int == 1)
    #expect(try await daemon.call(path, method: "DELETE").status == 204)
    #expect(try await daemon.call("/v1/runs/\(a)").json["verdicts"] as? Int == 0)
    let broken = try await daemon.call(
      "/v1/runs/\(b)/verdicts", method: "POST", body: Data("key\n".utf8),
      ["Content-Type": "text/csv"])
    #expect(broken.status == 422)
    let missing = try await daemon.call(
      "/v1/runs/\(a)/pairs/none/verdict", method: "PUT", json: ["verdict": "clean"])
    #expect(missing.status == 404)
  }

  @Test func thumbnailsComeFromBelowTheRootsOnly() async throws {
    let folder = try Daemon.makeFolder()
    let image = [UInt8](
      try Data(contentsOf: Repository.fixture("crawls/damaged-captions/good.png")))
    try folder.write("roots/good.png", image)
    try folder.write("outside.png", image)
    try folder.link("roots/link.png", to: folder.file("outside.png"))
    try folder.write("roots/text.png", "no image")
    let daemon = try await Daemon(in: folder)
    let paths = [
      "roots/good.png", "outside.png", "roots/link.png", "roots/none.png", "roots/text.png",
    ]
    let run = try daemon.makeReport(
      "report",
      pairs: paths.enumerated().map {
        PairRecord(key: "k\($0)", caption: "c", sourcePath: folder.file($1))
      })
    let good = try await daemon.call("/v1/runs/\(run)/pairs/k0/thumbnail?edge=32")
    #expect(good.status == 200 && good.fields["content-type"] == "image/jpeg")
    #expect(Array(good.body.prefix(2)) == [0xFF, 0xD8])
    let tag = try #require(good.fields["etag"])
    let again = try await daemon.call(
      "/v1/runs/\(run)/pairs/k0/thumbnail?edge=32", ["If-None-Match": tag])
    #expect(again.status == 304)
    for place in 1...4 {
      #expect(try await daemon.call("/v1/runs/\(run)/pairs/k\(place)/thumbnail").status == 404)
    }
  }

  @Test func numbersAreThoseOfTheScoresThatStand() async throws {
    let daemon = try await Daemon()
    let run = try daemon.makeReport("report", pairs: .hostile())
    #expect(try await daemon.call("/v1/runs/\(run)/estimates").json["alignment"] as? Double == 0.9)
    #expect(try await daemon.call("/v1/runs/\(run)").json["alignment"] as? Double == 0.9)
    let line = (try await daemon.call("/v1/runs").json["runs"] as? [[String: Any]])?.first
    for (name, value) in [("", 0.1), ("Low", 0), ("High", 0.2)] {
      #expect(line?["mismatchRate\(name)"] as? Double == value, "as in the run's estimates")
    }
    #expect(try await daemon.call("/v1/runs/\(run)/mixture").json["epoch"] as? Int == 0)
    let details = try await daemon.call("/v1/runs/\(run)/pairs/key1").json["pairs"]
    let share = (details as? [[String: Any]])?.first?["shuffledBelowShare"] as? Double
    // Shuffled pairs have the same similarities here, in 256 bins: 8 of 40 pairs are below this one.
    #expect(share == 0.2)
    let first = try await daemon.call("/v1/runs/\(run)/pairs?limit=1").json["pairs"]
    let riskiest = (first as? [[String: Any]])?.first?["ordinal"] as? Int
    let key =
      try #require(riskiest) % 5 == 0
      ? "folder%2F%C3%A4%20\(riskiest ?? 0).png" : "key\(riskiest ?? 0)"
    let evidence = try await daemon.call("/v1/runs/\(run)/pairs/\(key)").json["pairs"]
    let reasons = (evidence as? [[String: Any]])?.first?["reasons"] as? [String]
    #expect(
      reasons?.first?.contains("rank 1 of the crawl, riskier than 97.5 % of its pairs") == true)
  }

  @Test func metricsCountWhatWasAnswered() async throws {
    let daemon = try await Daemon()
    for _ in 0..<3 { _ = try await daemon.call("/healthz") }
    // Counted when they are sent, which clients know a moment before.
    let counted = #"auditd_http_requests_total{method="GET",route="/healthz",status="200"} 3"#
    var text = ""
    while !text.contains(counted) {
      text = String(decoding: try await daemon.call("/metrics").body, as: UTF8.self)
    }
    #expect(text.contains("process_resident_memory_bytes "))
    for line in text.split(separator: "\n") where !line.hasPrefix("#") {
      #expect(line.wholeMatch(of: #/[a-z_]+(\{[^}]*\})? [0-9.e+-]+/#) != nil, "\(line)")
    }
  }
}
