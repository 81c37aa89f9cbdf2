import AuditReport
import Testing

struct CrawlTests {
  @Test(arguments: [0, 1, 17, 4095, 4096, 4097])
  func pairsComeBackInOrder(count: Int) throws {
    let fixture = try ReportFixture()
    let pairs = [PairRecord].make(count)
    let run = try fixture.run(pairs: count)
    try fixture.read { (report) throws in
      #expect(try report.run(run).pairCount == count)
      let page = try report.pairs(of: run, PairQuery(order: .ordinal, limit: count + 1))
      #expect(page.pairs.map(\.pair) == pairs)
      #expect(page.pairs.map(\.ordinal) == Array(0..<count))
      #expect(page.pairs.allSatisfy { $0.score == nil })
      #expect(page.next == nil)
    }
  }

  @Test func sparsePairAndHardTextSurvive() throws {
    let fixture = try ReportFixture()
    let run = try fixture.store.beginRun(.make())
    let pairs = [
      PairRecord(key: "", caption: "", sourcePath: "a.png"),
      PairRecord(key: "ключ", caption: "\"'; DROP TABLE pair;--\n\t👩‍👩‍👧 e\u{301}", sourcePath: "b"),
    ]
    try fixture.store.replacePairs(of: run, with: pairs)
    let page = try fixture.read { try $0.pairs(of: run, PairQuery(order: .ordinal)) }
    #expect(page.pairs.map(\.pair) == pairs)
    #expect(page.pairs[1].pair.caption.utf8.elementsEqual(pairs[1].caption.utf8))
  }

  @Test func nulIsReplacedInsteadOfCuttingTheTextOff() throws {
    let fixture = try ReportFixture()
    let run = try fixture.store.beginRun(.make())
    let pairs = [PairRecord(key: "a", caption: "one\0two", sourcePath: "a")]
    try fixture.store.replacePairs(of: run, with: pairs)
    let pair = try fixture.read { try $0.pair(of: run, ordinal: 0) }
    #expect(pair?.pair.caption == "one\u{FFFD}two")
    #expect(try !fixture.store.replacePairs(of: run, with: pairs))
  }

  @Test func samePairsAgainKeepTheEpochs() throws {
    let fixture = try ReportFixture()
    let run = try fixture.run(pairs: 10)
    try fixture.store.recordEpoch(.make(0), of: run, scores: .make(10))
    #expect(try !fixture.store.replacePairs(of: run, with: [PairRecord].make(10)))
    #expect(try fixture.read { try $0.epochs(of: run) }.count == 1)
  }

  @Test("asking whether a run has these pairs changes nothing")
  func comparingPairs() throws {
    let fixture = try ReportFixture()
    let run = try fixture.run(pairs: 10)
    try fixture.store.recordEpoch(.make(0), of: run, scores: .make(10))
    #expect(try fixture.store.holds([PairRecord].make(10), of: run))
    for pairs in [[PairRecord].make(9), .make(11), .make(10, caption: "other"), []] {
      #expect(try !fixture.store.holds(pairs, of: run))
    }
    #expect(try fixture.read { try $0.epochs(of: run) }.count == 1)
    #expect(try fixture.read { try $0.run(run) }.pairCount == 10)
  }

  @Test(arguments: [[PairRecord].make(9), .make(11), .make(10, caption: "other"), []])
  func otherPairsDiscardTheEpochs(pairs: [PairRecord]) throws {
    let fixture = try ReportFixture()
    let run = try fixture.run(pairs: 10)
    try fixture.store.recordEpoch(
      .make(0), of: run, estimates: [EstimateRow(name: "a", subject: .crawl, value: 1)],
      scores: .make(10), safeSet: SafeSetBitmap(pairCount: 10))
    #expect(try fixture.store.replacePairs(of: run, with: pairs))
    try fixture.read { (report) throws in
      #expect(try report.run(run).pairCount == pairs.count)
      #expect(try report.run(run).scoredEpoch == nil)
      #expect(try report.epochs(of: run).isEmpty)
      #expect(try report.estimates(of: run, epoch: 0).isEmpty)
      #expect(try report.safeSet(of: run, epoch: 0) == nil)
      let page = try report.pairs(of: run)
      #expect(page.pairs.map(\.pair) == pairs)
      #expect(page.pairs.allSatisfy { $0.score == nil })
    }
  }

  @Test func repeatedKeysAreAllFound() throws {
    let fixture = try ReportFixture()
    let run = try fixture.store.beginRun(.make())
    let keys = ["b", "a", "b"]
    try fixture.store.replacePairs(
      of: run, with: keys.map { PairRecord(key: $0, caption: "", sourcePath: "x") })
    try fixture.read { (report) throws in
      #expect(try report.pairs(of: run, key: "b").map(\.ordinal) == [0, 2])
      #expect(try report.pairs(of: run, key: "c").isEmpty)
      #expect(try report.pair(of: run, ordinal: 1)?.pair.key == "a")
      #expect(try report.pair(of: run, ordinal: 3) == nil)
    }
  }

  @Test func rejectionsAreListedAndCounted() throws {
    let fixture = try ReportFixture()
    let run = try fixture.run(pairs: 1)
    let rejections = (0..<5000).map { (index: Int) -> RejectionRecord in
      RejectionRecord(
        source: "0.tar!\(index)", offset: index % 2 == 0 ? Int64(index) : nil,
        reason: index % 5 == 0 ? "emptyCaption" : "truncatedImage", message: "at \(index)")
    }
    try fixture.store.addRejections(rejections, to: run)
    try fixture.read { (report) throws in
      let counts = try report.rejectionCounts(of: run)
      #expect(counts.map(\.reason) == ["truncatedImage", "emptyCaption"])
      #expect(counts.map(\.count) == [4000, 1000])
      #expect(try report.rejections(of: run, limit: 9999) == rejections)
      #expect(
        try report.rejections(of: run, reason: "emptyCaption", limit: 2, offset: 1)
          == [rejections[5], rejections[10]])
    }
    try fixture.store.replaceRejections(of: run, with: rejections.prefix(3))
    #expect(try fixture.read { try $0.rejections(of: run) } == Array(rejections.prefix(3)))
  }
}
