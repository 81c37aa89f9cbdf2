import AuditKit
import AuditReport
import AuditRisk
import AuditTraining
import Foundation
import Testing
import TestSupport

/// Scans that are told which pairs are clean.
@Suite(.serialized, .timeLimit(.minutes(20))) struct TrustedScanTests {
  @Test("trusted pairs are in the safe set, by a list that the export wrote")
  func trusted() throws {
    let scan = try TinyScan()
    _ = try Scan.run(try scan.request())
    let keys = try scan.pairs(of: 1).map(\.pair.key)
    let chosen = stride(from: 0, to: keys.count, by: 4).map { keys[$0] }
    let odd = "no\\such\nkey"
    try scan.folder.write(
      "trusted.txt", "\u{FEFF}" + chosen.map { KeyLine.text($0) }.joined() + KeyLine.text(odd))
    var request = try scan.request(
      report: "trusted.sqlite",
      set: ["trusted=\(scan.file("trusted.txt"))", "training.firstSafeShareCap=0.05"])
    request.workFolder = scan.file("audit.sqlite.work")
    var notices: [String] = []
    let summary = try Scan.run(request) { if case .notice(let text) = $0 { notices.append(text) } }
    #expect(notices.contains("1 trusted key is in no pair of the crawl"))
    let safe = Set(
      try scan.pairs(of: summary.run, report: "trusted.sqlite").filter { $0.score?.isSafe == true }
        .map(\.pair.key))
    #expect(safe.isSuperset(of: chosen))
    #expect(safe.count < keys.count)
    // The mixture of the report is that of the split, which is fitted to the other pairs.
    let pairs = try scan.pairs(of: summary.run, report: "trusted.sqlite")
    func riskyShare(_ pairs: [ScoredPair]) -> Double {
      GaussianMixture.fit(Histogram(pairs.compactMap(\.score?.similarity))).low.weight
    }
    let told = summary.estimates.first { $0.name == EstimateRow.mixtureRiskyShare }?.value
    #expect(told == riskyShare(pairs.filter { !chosen.contains($0.pair.key) }))
    #expect(told != riskyShare(pairs))
  }

  @Test("a stopped scan with another list starts over, and ends as a fresh one")
  func changedList() throws {
    let known = try TinyScan()
    _ = try Scan.run(try known.request())
    let keys = try known.pairs(of: 1).map(\.pair.key)
    let scan = try TinyScan()
    var request = try scan.request(set: ["trusted=\(scan.file("trusted.txt"))"])
    let stop = StopSignal()
    try scan.folder.write("trusted.txt", keys.prefix(60).map { $0 + "\n" }.joined())
    let error = #expect(throws: TrainingError.self) {
      try Scan.run(request, stop: stop) { if case .epoch = $0 { stop.request() } }
    }
    #expect(error?.isStop == true)
    try scan.folder.write("trusted.txt", keys.suffix(60).map { $0 + "\n" }.joined())
    request.resume = true
    _ = try Scan.run(request)
    request.resume = false
    request.report = scan.file("fresh.sqlite")
    _ = try Scan.run(request)
    let fresh = try scan.pairs(of: 1, report: "fresh.sqlite").map(\.score?.similarity)
    #expect(try scan.pairs(of: 1).map(\.score?.similarity) == fresh)
  }

  @Test(
    "a list that cannot be used is told by its path and leaves no training",
    arguments: ["missing", "binary", "foreign"])
  func unusable(kind: String) throws {
    let scan = try TinyScan()
    if kind == "binary" {
      try Data([0xFF, 0xFE, 0x0A]).write(to: URL(filePath: scan.file("trusted.txt")))
    }
    if kind == "foreign" { try scan.folder.write("trusted.txt", "nobody\n") }
    let error = #expect(throws: ScanError.self) {
      try Scan.run(try scan.request(set: ["trusted=\(scan.file("trusted.txt"))"]))
    }
    #expect(error?.description.contains("trusted.txt") == true)
  }

  @Test(
    "cleanclip trains to its end and ranks all pairs; without a list it says what it needs")
  func cleanclip() throws {
    let scan = try TinyScan()
    let settings = ["training.method=cleanclip", "training.cleaningEpochs=1"]
    let refusal = #expect(throws: TrainingError.self) {
      try Scan.run(try scan.request(set: settings))
    }
    #expect(refusal?.description.contains("--trusted") == true)
    let known = try TinyScan()
    _ = try Scan.run(try known.request())
    let keys = try known.pairs(of: 1).map(\.pair.key)
    try scan.folder.write("trusted.txt", keys.prefix(80).map { $0 + "\n" }.joined())
    let summary = try Scan.run(
      try scan.request(
        report: "clean.sqlite", set: settings + ["trusted=\(scan.file("trusted.txt"))"]))
    #expect(summary.method == "cleanclip" && summary.safeCount == nil)
    let stages = try ReportReader(path: scan.file("clean.sqlite")).read { snapshot in
      try snapshot.epochs(of: summary.run).map(\.stage)
    }
    #expect(stages == ["plain", "plain", "cleaning"])
  }
}
