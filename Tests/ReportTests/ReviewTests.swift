import AuditReport
import Foundation
import GRDB
import Testing
import TestSupport

/// Verdicts: kept, counted, and carried from one run to the next.
struct ReviewTests {
  private func scored(_ count: Int) throws -> (ReportFixture, Int64) {
    let fixture = try ReportFixture()
    let run = try fixture.run(pairs: count)
    let safeSet = SafeSetBitmap((0..<count).map { $0 % 3 == 0 })
    try fixture.store.finishRun(run, scores: .make(count), safeSet: safeSet)
    return (fixture, run)
  }

  @Test func lastVerdictStandsAndCanBeTakenBack() throws {
    let (fixture, run) = try scored(5)
    try fixture.store.setVerdict(VerdictRecord(verdict: .unsure), of: run, ordinal: 2)
    let verdict = VerdictRecord(
      verdict: .poison, note: "a \"note\"\n", reviewer: "me",
      decidedAt: Date(timeIntervalSince1970: 1_000_000))
    try fixture.store.setVerdict(verdict, of: run, ordinal: 2)
    #expect(try fixture.read { try $0.verdict(of: run, ordinal: 2) } == verdict)
    #expect(try fixture.store.removeVerdict(of: run, ordinal: 2))
    #expect(try fixture.store.removeVerdict(of: run, ordinal: 2) == false)
    #expect(try fixture.read { try $0.verdict(of: run, ordinal: 2) } == nil)
  }

  @Test func verdictNeedsAPair() throws {
    let (fixture, run) = try scored(2)
    #expect(throws: ReportError.noPair(run: run, ordinal: 2)) {
      try fixture.store.setVerdict(VerdictRecord(verdict: .clean), of: run, ordinal: 2)
    }
    #expect(throws: ReportError.noRun(id: 9)) {
      try fixture.store.setVerdict(VerdictRecord(verdict: .clean), of: 9, ordinal: 0)
    }
  }

  @Test func countsTellHowFarTheReviewHasCome() throws {
    let (fixture, run) = try scored(10)
    let riskiest = try fixture.read { try $0.pairs(of: run) }.pairs.map(\.ordinal)
    func set(_ verdict: Verdict, _ place: Int) throws {
      try fixture.store.setVerdict(
        VerdictRecord(verdict: verdict), of: run, ordinal: riskiest[place])
    }
    try set(.poison, 0)
    try set(.clean, 1)
    try set(.unsure, 2)
    try set(.poison, 3)
    var counts = ReviewCounts()
    (counts.poison, counts.clean, counts.unsure) = (2, 1, 1)
    (counts.riskiestReviewed, counts.riskiestPoison) = (2, 1)
    counts.safeSetPoison = [0, 3].count { riskiest[$0] % 3 == 0 }
    #expect(try fixture.read { try $0.review(of: run) } == counts)
    try set(.clean, 2)
    #expect(try fixture.read { try $0.review(of: run) }.riskiestReviewed == 4)
  }

  @Test func verdictsTravelByTableToTheNextRun() throws {
    let (fixture, run) = try scored(6)
    for (ordinal, verdict) in [(1, Verdict.poison), (3, .clean), (5, .unsure)] {
      try fixture.store.setVerdict(
        VerdictRecord(verdict: verdict, note: "line\nbreak, \"quoted\""), of: run, ordinal: ordinal)
    }
    let verdicts = try fixture.read { try $0.verdicts(of: run) }
    let read = try VerdictTable.verdicts(in: Array(VerdictTable.text(verdicts).utf8))
    // The next run has lost pair 5, and pair 3 has another image.
    var pairs = [PairRecord].make(5)
    pairs[3].imageSHA256 = [UInt8](repeating: 99, count: 32)
    let next = try fixture.store.beginRun(.make())
    try fixture.store.replacePairs(of: next, with: pairs)
    var expected = VerdictImport()
    (expected.imported, expected.unmatched) = (1, 2)
    #expect(try fixture.store.importVerdicts(read, to: next) == expected)
    #expect(try fixture.read { try $0.verdict(of: next, ordinal: 1) }?.verdict == .poison)
    (expected.imported, expected.unchanged) = (0, 1)
    #expect(try fixture.store.importVerdicts(read, to: next) == expected)
  }

  @Test func newerVerdictStaysAtAnImport() throws {
    let (fixture, run) = try scored(2)
    try fixture.store.setVerdict(
      VerdictRecord(verdict: .clean, decidedAt: Date(timeIntervalSince1970: 200)), of: run,
      ordinal: 0)
    func imported(at seconds: Double) throws -> Verdict? {
      var verdict = try fixture.read { try $0.verdicts(of: run) }[0]
      verdict.record = VerdictRecord(
        verdict: .poison, decidedAt: Date(timeIntervalSince1970: seconds))
      _ = try fixture.store.importVerdicts([verdict], to: run)
      return try fixture.read { try $0.verdict(of: run, ordinal: 0) }?.verdict
    }
    #expect(try imported(at: 100) == .clean)
    #expect(try imported(at: 300) == .poison)
  }

  @Test(arguments: [
    ("", 1), ("key,verdict\n", 1), ("key,caption,verdict\na,b,bad\n", 2),
    ("key,caption,verdict\na,b,clean\n\"a\n", 3),
    ("key,caption,verdict,sha256\na,b,clean,xyz\n", 2),
    ("key,caption,verdict,decidedAt\na,b,clean,yesterday\n", 2),
  ])
  func brokenTableIsRefusedWithItsLine(text: String, line: Int) {
    let error = #expect(throws: VerdictTableError.self) {
      try VerdictTable.verdicts(in: Array(text.utf8))
    }
    #expect(error?.line == line)
  }

  @Test func twinsShareImageOrCaption() throws {
    let fixture = try ReportFixture()
    let run = try fixture.store.beginRun(.make())
    var pairs = [PairRecord].make(6)
    for ordinal in [0, 2, 4] { pairs[ordinal].imageSHA256 = [UInt8](repeating: 7, count: 32) }
    for ordinal in [0, 1] { pairs[ordinal].caption = "Buy \"this\" NOW, (really) -- 50% off*" }
    pairs[5].caption = "buy this now really 50 off"
    try fixture.store.replacePairs(of: run, with: pairs)
    // Before there are scores, and then.
    for scores in [nil, PairScores.make(6)] {
      if let scores { try fixture.store.recordEpoch(.make(0), of: run, scores: scores) }
      let twins = try fixture.read {
        try $0.twins(of: run, try #require(try $0.pair(of: run, ordinal: 0)))
      }
      #expect(twins.sameImage == 2)
      #expect(twins.sameImageCaptions == ["caption 2", "caption 4"])
      #expect(twins.sameCaption == 1)
    }
  }

  @Test(arguments: [
    "汽车在路上", "plain", String(repeating: "many words ", count: 60),
    String(repeating: "x", count: 500),
    String(repeating: "\"quoted\" ", count: 60), "日本語の説明 with two scripts", "*** (!)", "",
  ])
  func everyCaptionFindsItsEqual(caption: String) throws {
    let fixture = try ReportFixture()
    let run = try fixture.store.beginRun(.make())
    var pairs = [PairRecord].make(4)
    for ordinal in [0, 2] { pairs[ordinal].caption = caption }
    try fixture.store.replacePairs(of: run, with: pairs)
    try fixture.store.recordEpoch(.make(0), of: run, scores: .make(4))
    let twins = try fixture.read {
      try $0.twins(of: run, try #require(try $0.pair(of: run, ordinal: 0)))
    }
    let hasWord = caption.contains { $0.isLetter || $0.isNumber }
    #expect(twins.sameCaption == (hasWord ? 1 : 0))
  }
}
