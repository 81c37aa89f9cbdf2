import AuditReport
import Foundation
import Testing

struct RunTests {
  @Test func runComesBackAsItBegan() throws {
    let fixture = try ReportFixture()
    let before = Date()
    let id = try fixture.store.beginRun(.make(seed: .max), phase: "reading")
    let run = try fixture.read { try $0.run(id) }
    #expect(run.id == id)
    #expect(run.crawlPath == "crawl" && run.crawlFormat == "webdataset")
    #expect(run.method == "safeclip" && run.preset == "compact")
    #expect(run.configuration == #"{"epochs":3}"#)
    #expect(run.seed == .max && run.threads == 2)
    #expect(run.versions == ["audit": "1.0"] && run.host == ["cpu": "a / b"])
    #expect(run.state == .running && run.phase == "reading")
    #expect(abs(run.startedAt.timeIntervalSince(before)) < 60)
    #expect(run.finishedAt == nil && run.error == nil && run.summary == nil)
    #expect(run.pairCount == 0 && run.scoredEpoch == nil)
  }

  @Test func stateFollowsTheRunsLife() throws {
    let fixture = try ReportFixture()
    let store = fixture.store
    let id = try fixture.run(pairs: 2)
    try store.updateRun(id, phase: "training")
    #expect(try fixture.read { try $0.run(id) }.phase == "training")
    try store.stopRun(id)
    let stopped = try fixture.read { try $0.run(id) }
    #expect(stopped.state == .stopped && stopped.finishedAt != nil && stopped.phase == "training")
    try store.resumeRun(id)
    #expect(try fixture.read { try $0.run(id) }.finishedAt == nil)
    try store.failRun(id, error: "disk full")
    #expect(try fixture.read { try $0.run(id) }.error == "disk full")
    try store.resumeRun(id)
    let resumed = try fixture.read { try $0.run(id) }
    #expect(resumed.state == .running && resumed.error == nil)
    try store.finishRun(
      id, scores: .make(2), safeSet: SafeSetBitmap([true, false]), modelPath: "model",
      summary: #"{"pairs":2}"#)
    let finished = try fixture.read { try $0.run(id) }
    #expect(finished.state == .finished && finished.modelPath == "model")
    #expect(finished.summary == #"{"pairs":2}"#)
    for change in [
      { try store.resumeRun(id) }, { try store.updateRun(id, phase: "x") },
      { try store.recordEpoch(.make(0), of: id) }, { try store.replacePairs(of: id, with: []) },
    ] as [() throws -> Void] {
      #expect(throws: ReportError.runIsFinished(id: id)) { try change() }
    }
  }

  @Test func unknownRunIsNamed() throws {
    let fixture = try ReportFixture()
    #expect(throws: ReportError.noRun(id: 9)) { try fixture.store.updateRun(9, phase: "x") }
    #expect(throws: ReportError.noRun(id: 9)) {
      try fixture.store.addNotice("x", kind: .warning, to: 9)
    }
    #expect(throws: ReportError.noRun(id: 9)) { try fixture.read { try $0.run(9) } }
    #expect(throws: ReportError.noRun(id: 9)) { try fixture.read { try $0.pairs(of: 9) } }
  }

  @Test func noticesKeepTheirOrderAndAreNotRepeated() throws {
    let fixture = try ReportFixture()
    let id = try fixture.run(pairs: 1)
    for message in ["b", "a", "b"] {
      try fixture.store.addNotice(message, kind: .adaptation, to: id)
    }
    try fixture.store.addNotice("b", kind: .warning, to: id)
    let notices = try fixture.read { try $0.notices(of: id) }
    #expect(notices.map(\.message) == ["b", "a", "b"])
    #expect(notices.map(\.kind) == [.adaptation, .adaptation, .warning])
  }

  @Test("a run begins with its notices")
  func noticesOfTheBeginning() throws {
    let fixture = try ReportFixture()
    var new = NewRun.make()
    new.notices = [
      NewNotice(.adaptation, "b"), NewNotice(.warning, "a"), NewNotice(.adaptation, "b"),
    ]
    let id = try fixture.store.beginRun(new)
    #expect(try fixture.read { try $0.runs().map(\.id) } == [id])
    let notices = try fixture.read { try $0.notices(of: id) }
    #expect(notices.map(\.message) == ["b", "a"])
    #expect(notices.map(\.kind) == [.adaptation, .warning])
  }

  @Test("a run without pairs begins again with other settings, and with their notices alone")
  func restarting() throws {
    let fixture = try ReportFixture()
    var new = NewRun.make()
    new.notices = [NewNotice(.adaptation, "old")]
    let id = try fixture.store.beginRun(new)
    try fixture.store.addNotice("nothing there", kind: .warning, to: id)
    try fixture.store.failRun(id, error: "no pairs")
    var again = NewRun.make(seed: 8)
    again.configuration = #"{"epochs":9}"#
    again.notices = [NewNotice(.adaptation, "new")]
    try fixture.store.restartRun(id, as: again)
    let run = try fixture.read { try $0.run(id) }
    #expect(run.state == .running && run.error == nil && run.finishedAt == nil)
    #expect(run.configuration == #"{"epochs":9}"# && run.seed == 8)
    #expect(try fixture.read { try $0.notices(of: id).map(\.message) } == ["new"])
    #expect(throws: ReportError.noRun(id: 9)) { try fixture.store.restartRun(9, as: again) }
  }

  @Test func runsOfOneReportAreApart() throws {
    let fixture = try ReportFixture()
    let first = try fixture.run(pairs: 5, crawl: "one")
    let second = try fixture.run(pairs: 3, crawl: "two")
    try fixture.store.recordEpoch(.make(0), of: first, scores: .make(5))
    try fixture.store.recordEpoch(.make(0, loss: 9), of: second, scores: .make(3))
    try fixture.read { (report) throws in
      #expect(try report.runs().map(\.id) == [first, second])
      #expect(try report.latestRun()?.id == second)
      #expect(try report.latestRun(ofCrawl: "one")?.id == first)
      #expect(try report.latestRun(ofCrawl: "three") == nil)
      #expect(try report.epochs(of: first).map(\.loss) == [2])
      #expect(try report.pairs(of: first).pairs.count == 5)
      #expect(try report.pairs(of: second).pairs.count == 3)
    }
    try fixture.store.removeRun(first)
    try fixture.read { (report) throws in
      #expect(try report.runs().map(\.id) == [second])
      #expect(try report.pairs(of: second).pairs.count == 3)
      #expect(try report.epochs(of: second).map(\.loss) == [9])
    }
    #expect(try fixture.run(pairs: 1) > second)
  }

  @Test func measuresReplaceThoseOfTheSameNameAndSubject() throws {
    let fixture = try ReportFixture()
    let id = try fixture.run(pairs: 1)
    try fixture.store.addMeasures(
      [
        MeasureRow(name: "recallAt10", subject: "heldOut", value: 0.1),
        MeasureRow(name: "recallAt10", subject: "plain", value: 0.2, low: 0.1, high: 0.3),
      ], to: id)
    try fixture.store.addMeasures(
      [MeasureRow(name: "recallAt10", subject: "heldOut", value: 0.4)], to: id)
    #expect(
      try fixture.read { try $0.measures(of: id) } == [
        MeasureRow(name: "recallAt10", subject: "heldOut", value: 0.4),
        MeasureRow(name: "recallAt10", subject: "plain", value: 0.2, low: 0.1, high: 0.3),
      ])
  }
}
