import AuditReport
import Testing

struct EpochTests {
  @Test func epochComesBackWhole() throws {
    let fixture = try ReportFixture()
    let run = try fixture.run(pairs: 4)
    var full = EpochRow.make(0)
    full.clipLoss = 1.25
    full.unimodalLoss = 0.5
    full.mixture = MixtureRow(
      lower: .init(weight: 0.25, mean: -0.1, variance: 0.01),
      upper: .init(weight: 0.75, mean: 0.3, variance: 0.02))
    full.histogram = SimilarityHistogram(
      lower: -1, upper: 1, counts: [0, 1, .max], shuffledCounts: [7, 0x0102_0304, 0])
    full.safeCount = 3
    full.safeShare = 0.75
    full.decisionReason = "grew by 1 %"
    var sparse = EpochRow.make(1, stage: "warmUp")
    sparse.alignment = nil
    try fixture.store.recordEpoch(full, of: run)
    try fixture.store.recordEpoch(sparse, of: run)
    try fixture.read { (report) throws in
      #expect(try report.epochs(of: run) == [full, sparse])
      #expect(try report.currentMixture(of: report.run(run)) == full)
    }
  }

  @Test func currentEpochIsTheOneWhoseScoresStand() throws {
    let fixture = try ReportFixture()
    let run = try fixture.run(pairs: 4)
    #expect(try fixture.read { try $0.currentEpoch(of: $0.run(run)) } == nil)
    func epoch(_ number: Int, hasMixture: Bool) -> EpochRow {
      var epoch = EpochRow.make(number)
      guard hasMixture else { return epoch }
      epoch.mixture = MixtureRow(
        lower: .init(weight: 0.5, mean: Double(number), variance: 1),
        upper: .init(weight: 0.5, mean: 9, variance: 1))
      return epoch
    }
    try fixture.store.recordEpoch(epoch(0, hasMixture: false), of: run)
    try fixture.store.recordEpoch(epoch(1, hasMixture: true), of: run, scores: .make(4))
    // The split stands: what follows trains the model further and scores nothing anew.
    try fixture.store.recordEpoch(epoch(2, hasMixture: true), of: run)
    try fixture.read { (report) throws in
      let record = try report.run(run)
      #expect(try report.currentEpoch(of: record)?.number == 1)
      #expect(try report.currentMixture(of: record)?.number == 1)
    }
    try fixture.store.recordEpoch(epoch(3, hasMixture: false), of: run, scores: .make(4))
    try fixture.read { (report) throws in
      let record = try report.run(run)
      #expect(try report.currentEpoch(of: record)?.number == 3)
      #expect(try report.currentMixture(of: record)?.number == 2, "the last that has one")
    }
  }

  @Test func theSafeSetIsTheLastEpochsThatTellsOne() throws {
    let fixture = try ReportFixture()
    let run = try fixture.run(pairs: 4)
    #expect(try fixture.read { try $0.safeSetEpoch(of: run) } == nil)
    for (number, count) in [nil, 1, 3, nil].enumerated() {
      var epoch = EpochRow.make(number)
      epoch.safeCount = count
      epoch.safeShare = count.map { Double($0) / 4 }
      try fixture.store.recordEpoch(epoch, of: run, scores: number == 1 ? .make(4) : nil)
    }
    try fixture.read { (report) throws in
      #expect(try report.currentEpoch(of: report.run(run))?.safeCount == 1)
      #expect(try report.safeSetEpoch(of: run)?.safeCount == 3)
    }
  }

  @Test func nonNumbersAreRefusedWhereANumberIsNeeded() throws {
    let fixture = try ReportFixture()
    let run = try fixture.run(pairs: 1)
    #expect(throws: ReportError.self) {
      try fixture.store.recordEpoch(.make(0, loss: .nan), of: run)
    }
    #expect(try fixture.read { try $0.epochs(of: run) }.isEmpty)
  }

  @Test func recordingAgainReplacesTheEpochAndWhatFollowed() throws {
    let fixture = try ReportFixture()
    let run = try fixture.run(pairs: 4)
    let estimate = EstimateRow(
      name: EstimateRow.mismatchRate, subject: .crawl, value: 0.1, low: 0.05, high: 0.2)
    for epoch in 0..<4 {
      try fixture.store.recordEpoch(
        .make(epoch), of: run, estimates: [estimate], scores: .make(4),
        safeSet: SafeSetBitmap([true, true, true, true]))
    }
    try fixture.store.recordEpoch(
      .make(2, loss: 1), of: run, scores: .make(4, multiplier: 3),
      safeSet: SafeSetBitmap([false, true, false, true]))
    try fixture.read { (report) throws in
      #expect(try report.epochs(of: run).map(\.loss) == [2, 2, 1])
      #expect(try report.estimates(of: run, epoch: 1) == [estimate])
      #expect(try report.estimates(of: run, epoch: 2).isEmpty)
      #expect(try report.estimates(of: run, epoch: 3).isEmpty)
      #expect(try report.estimates(of: run).isEmpty)
      #expect(try report.run(run).scoredEpoch == 2)
      #expect(
        try report.safeSetHistory(of: run, ordinal: 0) == [
          SafeSetMembership(epoch: 0, isSafe: true), SafeSetMembership(epoch: 1, isSafe: true),
          SafeSetMembership(epoch: 2, isSafe: false),
        ])
      #expect(try report.safeSet(of: run, epoch: 3) == nil)
    }
  }

  @Test func scoresOfADiscardedEpochDisappear() throws {
    let fixture = try ReportFixture()
    let run = try fixture.run(pairs: 4)
    try fixture.store.recordEpoch(.make(0), of: run)
    try fixture.store.recordEpoch(.make(1), of: run, scores: .make(4))
    try fixture.store.recordEpoch(.make(1), of: run)
    try fixture.read { (report) throws in
      #expect(try report.run(run).scoredEpoch == nil)
      #expect(try report.pairs(of: run).pairs.allSatisfy { $0.score == nil })
    }
  }

  @Test func scoresOfAnEarlierEpochStay() throws {
    let fixture = try ReportFixture()
    let run = try fixture.run(pairs: 4)
    try fixture.store.recordEpoch(.make(0), of: run, scores: .make(4))
    try fixture.store.recordEpoch(.make(1), of: run)
    try fixture.store.recordEpoch(.make(1), of: run)
    #expect(try fixture.read { try $0.run(run) }.scoredEpoch == 0)
    #expect(try fixture.read { try $0.pairs(of: run) }.pairs.allSatisfy { $0.score != nil })
  }

  @Test func gapIsRefused() throws {
    let fixture = try ReportFixture()
    let run = try fixture.run(pairs: 1)
    try fixture.store.recordEpoch(.make(0), of: run)
    #expect(throws: ReportError.epochGap(run: run, epoch: 2, expected: 1)) {
      try fixture.store.recordEpoch(.make(2), of: run)
    }
    #expect(try fixture.read { try $0.epochs(of: run) }.count == 1)
  }

  @Test func unusableScoresChangeNothing() throws {
    let fixture = try ReportFixture()
    let run = try fixture.run(pairs: 3)
    try fixture.store.recordEpoch(.make(0), of: run, scores: .make(3))
    let before = try fixture.read { try $0.pairs(of: run) }
    let good = PairScores.make(3)
    var cases: [(PairScores, SafeSetBitmap)] = [
      (.make(2), SafeSetBitmap(pairCount: 3)), (good, SafeSetBitmap(pairCount: 4)),
    ]
    func broken(_ change: (inout PairScores) -> Void) {
      var scores = good
      change(&scores)
      cases.append((scores, SafeSetBitmap(pairCount: 3)))
    }
    broken { $0.similarities[1] = .nan }
    broken { $0.similarities[1] = 1.1 }
    broken { $0.risks?[2] = -0.1 }
    broken { $0.posteriors?[2] = .nan }
    broken { $0.posteriors?.removeLast() }
    broken { $0.risks = nil }
    for (scores, safeSet) in cases {
      #expect(throws: ReportError.self) {
        try fixture.store.recordEpoch(.make(1), of: run, scores: scores, safeSet: safeSet)
      }
    }
    #expect(throws: ReportError.self) {
      try fixture.store.recordEpoch(.make(1), of: run, safeSet: SafeSetBitmap(pairCount: 4))
    }
    #expect(try fixture.read { try $0.pairs(of: run) } == before)
    #expect(try fixture.read { try $0.epochs(of: run) }.count == 1)
  }

  @Test("a safe set without scores is one by earlier scores, and these stay those of their epoch")
  func safeSetByEarlierScores() throws {
    let fixture = try ReportFixture()
    let run = try fixture.run(pairs: 3)
    let safeSet = SafeSetBitmap([true, false, true])
    #expect(throws: ReportError.self) {
      try fixture.store.recordEpoch(.make(0), of: run, safeSet: safeSet)
    }
    try fixture.store.recordEpoch(.make(0), of: run, scores: .make(3), safeSet: safeSet)
    let before = try fixture.read { try $0.pairs(of: run) }
    try fixture.store.recordEpoch(.make(1), of: run, safeSet: safeSet)
    #expect(try fixture.read { try $0.pairs(of: run) } == before)
    #expect(try fixture.read { try $0.run(run).scoredEpoch } == 0)
    #expect(try fixture.read { try $0.safeSet(of: run, epoch: 1) } == safeSet)
  }

  @Test(
    "which pairs are safe follows the safe set, also where scores stay those of an earlier epoch")
  func safetyFollowsTheSafeSet() throws {
    let fixture = try ReportFixture()
    let run = try fixture.run(pairs: 20)
    func record(_ epoch: Int, safe members: Set<Int>, scores: PairScores? = nil) throws {
      try fixture.store.recordEpoch(
        .make(epoch), of: run, scores: scores,
        safeSet: SafeSetBitmap((0..<20).map { members.contains($0) }))
    }
    func exported() throws -> Set<String> {
      var lines: Set<String> = []
      try fixture.read { (report) throws in
        _ = try report.export(.init(PairChoice(.safe), format: .txt), of: run) { lines.insert($0) }
      }
      return lines
    }
    try record(0, safe: [0, 7, 8], scores: .make(20))
    let ranks = try fixture.read { try $0.pairs(of: run) }.pairs.map { $0.score?.rank }
    try record(1, safe: [7, 8, 15, 19])
    #expect(try exported() == ["key7\n", "key8\n", "key15\n", "key19\n"])
    // Recorded again after a kill: what the first attempt has marked is taken back.
    try record(1, safe: [0, 19])
    #expect(try exported() == ["key0\n", "key19\n"])
    try fixture.read { (report) throws in
      #expect(try report.pairs(of: run).pairs.map { $0.score?.rank } == ranks)
      #expect(try report.run(run).scoredEpoch == 0)
    }
  }

  @Test func cosinesJustBeyondOneAreForgiven() throws {
    let fixture = try ReportFixture()
    let run = try fixture.run(pairs: 2)
    try fixture.store.recordEpoch(
      .make(0), of: run, scores: PairScores(similarities: [1.000001, -1.000001]))
    let page = try fixture.read { try $0.pairs(of: run) }
    #expect(page.pairs.map { $0.score?.similarity } == [-1, 1])
  }

  @Test func finishReplacesFinalEstimates() throws {
    let fixture = try ReportFixture()
    let run = try fixture.run(pairs: 2)
    let estimates = EstimateSubject.allCases.map {
      EstimateRow(name: EstimateRow.mixtureRiskyShare, subject: $0, value: 0.5)
    }
    let measure = MeasureRow(name: "recallAt10", subject: "heldOut", value: 0.5)
    try fixture.store.finishRun(
      run, scores: .make(2), safeSet: SafeSetBitmap([false, true]), estimates: estimates,
      measures: [measure])
    #expect(try fixture.read { try $0.estimates(of: run) } == estimates)
    #expect(try fixture.read { try $0.measures(of: run) } == [measure])
    #expect(throws: ReportError.self) {
      let other = try fixture.run(pairs: 2)
      try fixture.store.finishRun(
        other, scores: PairScores(similarities: [0, 0]), safeSet: SafeSetBitmap(pairCount: 2))
    }
  }

  @Test func histogramCountsEveryValueOnce() {
    let histogram = SimilarityHistogram(
      similarities: [-1, -0.999, 0, 0.999, 1, 1.0001, -1.0001, .nan], shuffled: [0.5], bins: 4)
    #expect(histogram.counts == [3, 0, 1, 3])
    #expect(histogram.shuffledCounts == [0, 0, 0, 1])
  }
}
