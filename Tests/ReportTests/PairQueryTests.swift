import AuditReport
import Testing

struct PairQueryTests {
  /// A finished run and one that still trains give the same lists, by different ways through the tables.
  private func scoredRun(_ count: Int, finished: Bool) throws -> (ReportFixture, Int64) {
    let fixture = try ReportFixture()
    let other = try fixture.run(pairs: 5)
    try fixture.store.finishRun(other, scores: .make(5), safeSet: SafeSetBitmap(pairCount: 5))
    let run = try fixture.run(pairs: count)
    let safeSet = SafeSetBitmap((0..<count).map { $0 % 3 == 0 })
    try fixture.store.recordEpoch(
      .make(0), of: run, scores: .make(count, multiplier: 11), safeSet: safeSet)
    try fixture.store.recordEpoch(.make(1), of: run, scores: .make(count), safeSet: safeSet)
    if finished {
      try fixture.store.finishRun(run, scores: .make(count), safeSet: safeSet)
    }
    return (fixture, run)
  }

  @Test(arguments: PairQuery.Order.allCases, [true, false])
  func listsFollowTheirOrder(order: PairQuery.Order, finished: Bool) throws {
    let count = 40
    let (fixture, run) = try scoredRun(count, finished: finished)
    let scores = PairScores.make(count)
    let expected: [Int] =
      switch order {
      case .risk, .similarity:
        (0..<count).sorted { scores.similarities[$0] < scores.similarities[$1] }
      case .key: (0..<count).sorted { "key\($0)".utf8.lexicographicallyPrecedes("key\($1)".utf8) }
      case .ordinal: Array(0..<count)
      }
    let page = try fixture.read { try $0.pairs(of: run, PairQuery(order: order)) }
    #expect(page.pairs.map(\.ordinal) == expected)
    for pair in page.pairs {
      let score = try #require(pair.score)
      #expect(score.similarity == scores.similarities[pair.ordinal])
      #expect(score.posterior == scores.posteriors?[pair.ordinal])
      #expect(score.risk == scores.risks?[pair.ordinal])
      #expect(score.isSafe == (pair.ordinal % 3 == 0))
      #expect(score.isFinal == finished)
    }
  }

  @Test(arguments: PairQuery.Order.allCases, [1, 3, 17])
  func pagesAddUpToTheList(order: PairQuery.Order, limit: Int) throws {
    let (fixture, run) = try scoredRun(34, finished: limit == 3)
    try fixture.read { (report) throws in
      let whole = try report.pairs(of: run, PairQuery(order: order, isSafe: false))
      var pairs: [ScoredPair] = []
      var after: PairCursor?
      repeat {
        let page = try report.pairs(
          of: run, PairQuery(order: order, isSafe: false, limit: limit, after: after))
        pairs += page.pairs
        after = try page.next.map { try #require(PairCursor($0.description)) }
      } while after != nil
      #expect(pairs == whole.pairs)
      #expect(pairs.count == 22)
    }
  }

  @Test func conditionsNarrowTheList() throws {
    let (fixture, run) = try scoredRun(40, finished: true)
    try fixture.read { (report) throws in
      let risky = try report.pairs(of: run, PairQuery(minimumRisk: 0.9)).pairs
      #expect(risky.count == 5)
      #expect(risky.allSatisfy { ($0.score?.risk ?? 0) >= 0.9 })
      let safe = try report.pairs(of: run, PairQuery(minimumRisk: 0.5, isSafe: true)).pairs
      #expect(!safe.isEmpty && safe.allSatisfy { $0.ordinal % 3 == 0 })
    }
  }

  @Test func tiedRisksAreRankedBySimilarityThenByPlace() throws {
    let fixture = try ReportFixture()
    let run = try fixture.run(pairs: 5)
    let scores = PairScores(
      similarities: [0.5, 0.1, 0.5, 0.9, 0.2], posteriors: [1, 0, 1, 1, 0.5],
      risks: [0, 1, 0, 0, 0.5])
    try fixture.store.finishRun(run, scores: scores, safeSet: SafeSetBitmap(pairCount: 5))
    let pairs = try fixture.read { try $0.pairs(of: run) }.pairs
    #expect(pairs.map(\.ordinal) == [1, 4, 0, 2, 3])
    #expect(pairs.map { $0.score?.rank } == [1, 2, 3, 4, 5])
  }

  @Test func unscoredRunIsListedAsInTheCrawl() throws {
    let fixture = try ReportFixture()
    let run = try fixture.run(pairs: 5)
    for order in PairQuery.Order.allCases {
      let page = try fixture.read { try $0.pairs(of: run, PairQuery(order: order, limit: 3)) }
      #expect(page.pairs.map(\.ordinal) == [0, 1, 2])
      let next = try fixture.read {
        try $0.pairs(of: run, PairQuery(order: order, after: page.next))
      }
      #expect(next.pairs.map(\.ordinal) == [3, 4])
    }
  }

  @Test func similaritiesWithoutASplitRankPairs() throws {
    let fixture = try ReportFixture()
    let run = try fixture.run(pairs: 3)
    try fixture.store.recordEpoch(
      .make(0), of: run, scores: PairScores(similarities: [0.5, -0.5, 0]))
    let pairs = try fixture.read { try $0.pairs(of: run) }.pairs
    #expect(pairs.map(\.ordinal) == [1, 2, 0])
    #expect(pairs.allSatisfy { $0.score?.risk == nil && $0.score?.isSafe == false })
  }

  @Test func cursorOfAnotherOrderIsRefused() throws {
    let (fixture, run) = try scoredRun(9, finished: false)
    let next = try fixture.read { try $0.pairs(of: run, PairQuery(order: .key, limit: 2)) }.next
    let cursor = try #require(next)
    #expect(throws: ReportError.invalidCursor(cursor.description)) {
      try fixture.read { try $0.pairs(of: run, PairQuery(order: .risk, after: cursor)) }
    }
    #expect(PairCursor("nonsense!") == nil && PairCursor("") == nil)
    #expect(cursor.description.allSatisfy { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" })
  }
}
