import AuditReport
import Testing

/// Two runs side by side, and exports in pieces.
struct ComparisonTests {
  private func finish(_ fixture: ReportFixture, _ run: Int64, _ scores: PairScores, safe: [Int])
    throws
  {
    var safeSet = SafeSetBitmap(pairCount: scores.similarities.count)
    for ordinal in safe { safeSet.insert(ordinal) }
    try fixture.store.finishRun(run, scores: scores, safeSet: safeSet)
  }

  private func scores(_ order: [Int]) -> PairScores {
    let count = Double(order.count)
    var risks = [Double](repeating: 0, count: order.count)
    for (place, ordinal) in order.enumerated() { risks[ordinal] = 1 - Double(place) / count }
    return PairScores(
      similarities: risks.map { Float(1 - $0) / 2 }, posteriors: risks.map { 1 - $0 }, risks: risks)
  }

  @Test(arguments: [true, false])
  func countsCorrelatesAndListsWhatMoved(oneReport: Bool) throws {
    let (first, second) = (try ReportFixture(), try ReportFixture())
    let other = oneReport ? first : second
    let a = try first.run(pairs: 10)
    let b = try other.run(pairs: 10)
    try finish(first, a, scores([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]), safe: [7, 8, 9])
    try finish(other, b, scores([9, 1, 2, 3, 4, 5, 6, 7, 8, 0]), safe: [0, 7, 8])
    let comparison = try first.store.reader.compare(a, with: b, in: other.store.reader, movers: 2)
    #expect(comparison.inBoth == 10 && comparison.onlyInA == 0 && comparison.onlyInB == 0)
    #expect(comparison.safeInBoth == 2)
    #expect(comparison.safeOnlyInA == 1 && comparison.safeOnlyInB == 1)
    // Spearman's: 1 - 6 (81 + 81) / (10 (100 - 1)).
    let expected: Double = 1 - 6 * 162 / 990
    #expect(abs(try #require(comparison.rankCorrelation) - expected) < 1e-12)
    #expect(comparison.riskierInA.map(\.key) == ["key0"])
    #expect(comparison.riskierInB.map(\.key) == ["key9"])
    #expect(comparison.riskierInB[0].ranks == (10, 1))
    #expect(comparison.riskierInB[0].isSafe == (true, false))
  }

  @Test func pairsOfOneRunAloneAreCounted() throws {
    let fixture = try ReportFixture()
    let a = try fixture.run(pairs: 12)
    let b = try fixture.run(pairs: 5)
    try finish(fixture, a, .make(12), safe: [])
    try finish(fixture, b, .make(5), safe: [])
    let reader = fixture.store.reader
    let comparison = try reader.compare(a, with: b, in: reader)
    #expect(comparison.inBoth == 5 && comparison.onlyInA == 7 && comparison.onlyInB == 0)
    let reverse = try reader.compare(b, with: a, in: reader)
    #expect(reverse.onlyInA == 0 && reverse.onlyInB == 7)
  }

  @Test func runWithoutScoresIsNotCompared() throws {
    let fixture = try ReportFixture()
    let a = try fixture.run(pairs: 5)
    let b = try fixture.run(pairs: 5)
    try finish(fixture, a, .make(5), safe: [])
    let reader = fixture.store.reader
    #expect(throws: ReportError.notScored(run: b, phase: "starting")) {
      try reader.compare(a, with: b, in: reader)
    }
  }

  @Test(arguments: [nil, 1, 1999, 2000, 2001, 4500], PairExport.Format.allCases)
  func piecesAddUpToTheExport(limit: Int?, format: PairExport.Format) async throws {
    let fixture = try ReportFixture()
    let run = try fixture.run(pairs: 4100)
    try finish(fixture, run, .make(4100), safe: Array(0..<50))
    let export = PairExport(PairChoice(.all, limit: limit), format: format)
    var whole = ""
    try fixture.read { _ = try $0.export(export, of: run) { whole += $0 } }
    let frozen = try fixture.store.reader.frozen()
    var (text, next) = (
      "", Optional(try await frozen.readWithoutBlocking { try $0.exportPages(export, of: run) })
    )
    while let pages = next {
      let page = try await frozen.readWithoutBlocking { try $0.exportPage(pages) }
      text += page.text
      next = page.rest
    }
    #expect(text == whole)
  }

  @Test func watchSeesEveryCommitOfOthers() throws {
    let fixture = try ReportFixture()
    let run = try fixture.run(pairs: 2)
    let watch = try ReportWatch(path: fixture.path)
    let before = try watch.version()
    #expect(try watch.version() == before)
    try fixture.store.updateRun(run, phase: "reading")
    let after = try watch.version()
    #expect(after != before)
    try fixture.store.setVerdict(VerdictRecord(verdict: .clean), of: run, ordinal: 0)
    #expect(try watch.version() != after)
  }
}
