import AuditFiles
import AuditKit
import AuditReport
import AuditTraining
import Foundation
import Testing
import TestSupport

/// Scans that are resumed where something else is no longer as it was.
@Suite(.serialized, .timeLimit(.minutes(20))) struct ResumeTests {
  /// Runs a scan until `isEnough` says so, and returns its notices.
  @discardableResult
  private static func stopped(
    _ request: ScanRequest, when isEnough: @escaping (ScanEvent) -> Bool
  ) throws -> [String] {
    let stop = StopSignal()
    var notices: [String] = []
    let error = #expect(throws: TrainingError.self) {
      try Scan.run(request, stop: stop) { event in
        if case .notice(let text) = event { notices.append(text) }
        if isEnough(event) { stop.request() }
      }
    }
    #expect(error?.isStop == true)
    return notices
  }

  /// Whether an event is the end of epoch `number`.
  private static func isEnd(of number: Int) -> (ScanEvent) -> Bool {
    { event in
      if case .epoch(let record, _) = event { record.epoch == number } else { false }
    }
  }

  private static func isTraining(_ event: ScanEvent) -> Bool {
    if case .phase(.training) = event { true } else { false }
  }

  /// What a report tells of its first run.
  private struct Contents: Equatable {
    var state: RunState
    var epochs: [EpochRow]
    var pairs: [ScoredPair]
    var verdict: VerdictRecord?
  }

  private static func contents(_ scan: TinyScan) throws -> Contents {
    try ReportReader(path: scan.file("audit.sqlite")).read { snapshot in
      Contents(
        state: try snapshot.run(1).state, epochs: try snapshot.epochs(of: 1),
        pairs: try snapshot.pairs(of: 1, PairQuery(order: .ordinal, limit: 1000)).pairs,
        verdict: try snapshot.verdict(of: 1, ordinal: 0))
    }
  }

  private static func run(_ scan: TinyScan) throws -> RunRecord {
    try ReportReader(path: scan.file("audit.sqlite")).read { try $0.run(1) }
  }

  private static func notices(_ scan: TinyScan) throws -> [NoticeRow] {
    try ReportReader(path: scan.file("audit.sqlite")).read { try $0.notices(of: 1) }
  }

  @Test("a crawl that changed is refused as often as it is tried, and the report stays as it was")
  func changedCrawl() throws {
    let scan = try TinyScan()
    try FileManager.default.copyItem(atPath: TinyScan.shapes, toPath: scan.file("crawl"))
    var request = try scan.request(scan.file("crawl"))
    try Self.stopped(request, when: Self.isEnd(of: 1))
    let store = try ReportStore(path: scan.file("audit.sqlite"))
    try store.setVerdict(VerdictRecord(verdict: .poison), of: 1, ordinal: 0)
    try store.close()
    let before = try Self.contents(scan)
    #expect(before.epochs.count == 2 && before.pairs.allSatisfy { $0.score != nil })
    #expect(before.verdict != nil)
    try FileManager.default.removeItem(atPath: scan.file("crawl/00001.tar"))
    request.resume = true
    for _ in 0..<2 {
      #expect(throws: ScanError.crawlChanged(run: 1)) { try Scan.run(request) }
      #expect(try Self.contents(scan) == before)
    }
  }

  @Test("a run with epochs whose checkpoint is not there says so before it begins again")
  func missingCheckpoint() throws {
    let scan = try TinyScan()
    var request = try scan.request()
    try Self.stopped(request, when: Self.isEnd(of: 0))
    request.resume = true
    let goingOn = try Self.stopped(request, when: Self.isEnd(of: 1))
    #expect(goingOn.allSatisfy { !$0.contains("checkpoint") })
    request.workFolder = scan.file("elsewhere")
    let again = try Self.stopped(request, when: Self.isEnd(of: 0))
    let told = try #require(again.first { $0.contains("no checkpoint") })
    #expect(told.contains(scan.file("elsewhere")) && told.contains("--work-folder"))
    #expect(try Self.notices(scan).contains { $0.message == told && $0.kind == .warning })
  }

  @Test(
    "all cores asked for on resume are as many as the run began with; another number is refused",
    arguments: [0, 2])
  func threads(begun: Int) throws {
    let scan = try TinyScan()
    var request = try scan.request(set: ["threads=\(begun)"])
    try Self.stopped(request, when: Self.isEnd(of: 0))
    let threads = try Self.run(scan).threads
    #expect(threads == (begun > 0 ? begun : ProcessInfo.processInfo.activeProcessorCount))
    request.resume = true
    request.configuration.threads = threads + 1
    #expect(throws: ScanError.resumedWithOtherSettings(run: 1, names: ["threads"])) {
      try Scan.run(request)
    }
    request.configuration.threads = 0
    try Self.stopped(request, when: Self.isEnd(of: 1))
    #expect(try Self.run(scan).threads == threads)
    #expect(try Self.contents(scan).epochs.count == 2)
  }

  @Test("what adapted is in the report before the first pair")
  func noticesComeFirst() throws {
    let scan = try TinyScan()
    var pairs: Int?
    try Self.stopped(try scan.request()) { event in
      guard case .notice(let text) = event, text.hasPrefix("training.") else { return false }
      if pairs == nil { pairs = try? Self.run(scan).pairCount }
      return true
    }
    #expect(pairs == 0)
    let adapted = try Self.notices(scan).filter { $0.kind == .adaptation }
    #expect(adapted.contains { $0.message.hasPrefix("training.neighbours is 32") })
  }

  @Test("a run that found no pair adapts to what is there later, but for what the user chose")
  func filledLater() throws {
    let scan = try TinyScan()
    let rows = (0..<160).map { "\($0 % 8).png,picture number \($0)\n" }.joined()
    try scan.folder.write("crawl/pairs.csv", "filepath,title\n" + rows)
    let crawl = scan.file("crawl/pairs.csv")
    let error = #expect(throws: ScanError.self) { try Scan.run(try scan.request(crawl)) }
    guard case .noPairs = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    let images = Repository.crawl("captions/images")
    for name in try FileManager.default.contentsOfDirectory(atPath: images) {
      try FileManager.default.copyItem(
        atPath: images + "/" + name, toPath: scan.file("crawl/" + name))
    }
    // Without the settings that the run began with.
    let request = ScanRequest(crawl: crawl, report: scan.file("audit.sqlite"), resume: true)
    try Self.stopped(request, when: Self.isTraining)
    let run = try Self.run(scan)
    #expect(run.pairCount == 160)
    let configuration = try JSONDecoder().decode(
      ScanConfiguration.self, from: Data(run.configuration.utf8))
    // Half of the five steps of an epoch; of none it was one.
    #expect(configuration.training.learningRateWarmUpSteps == 2)
    #expect(configuration.training.epochs == 3 && configuration.training.batchSize == 32)
    let told = try Self.notices(scan).map(\.message)
      .filter { $0.hasPrefix("training.learningRateWarmUpSteps ") }
    #expect(told.count == 1 && told.first?.contains(" is 2,") == true, "\(told)")
  }

  @Test("settings that do nothing beside others are told, where they were set")
  func idleSettings() throws {
    let scan = try TinyScan()
    func told(_ settings: [String], report: String) throws -> [String] {
      try Self.stopped(try scan.request(report: report, set: settings), when: Self.isTraining)
        .filter { $0.contains("has no effect") }
    }
    let rewound = try told(
      ["training.rewindsAfterSplit=true", "training.rescoreShare=0.5"], report: "audit.sqlite")
    #expect(rewound.count == 2)
    #expect(rewound.contains { $0.hasPrefix("training.rescoreShare has no effect") })
    // Which TinyScan sets.
    #expect(rewound.contains { $0.hasPrefix("training.alignmentTolerance has no effect") })
    #expect(try Self.notices(scan).filter { rewound.contains($0.message) }.count == 2)
    #expect(try told(["training.rescoreShare=0.5"], report: "other.sqlite").isEmpty)
    // A default promises nothing.
    let usual = ["training.rewindsAfterSplit=true", "training.alignmentTolerance=0.01"]
    #expect(try told(usual, report: "third.sqlite").isEmpty)
  }

  @Test("checkpoints lie under a digest of configuration, pairs and images, the same for ever")
  func fingerprint() throws {
    let scan = try TinyScan()
    try Self.stopped(try scan.request(), when: Self.isEnd(of: 0))
    let pairs = try scan.pairs(of: 1).map(\.pair)
    let texts =
      [try Self.run(scan).configuration]
      + pairs.map { "\($0.key)\0\($0.caption)\0\($0.imageSHA256?.hexadecimal ?? "")" }
    let folder = "audit.sqlite.work/run-1-\(ContentDigest(of: texts).hexadecimal.prefix(12))"
    #expect(
      FileManager.default.fileExists(atPath: scan.file(folder + "/checkpoint.safetensors")))
  }

  @Test("a finished run keeps no checkpoint, and resuming it once more says that it is finished")
  func finished() throws {
    let scan = try TinyScan()
    var request = try scan.request()
    try Self.stopped(request, when: Self.isEnd(of: 0))
    request.resume = true
    let summary = try Scan.run(request)
    let left = try FileManager.default.contentsOfDirectory(
      atPath: scan.file("audit.sqlite.work"))
    #expect(left == ["thumbnails"])
    var notices: [String] = []
    let again = try Scan.run(request) { if case .notice(let text) = $0 { notices.append(text) } }
    #expect(again == summary)
    #expect(notices == ["run 1 of this crawl is finished already"])
  }
}
