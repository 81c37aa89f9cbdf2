import AuditDump
import AuditKit
import AuditLab
import AuditReport
import AuditRisk
import AuditTraining
import Foundation
import Testing
import TestSupport

/// Labs on the small crawl in Fixtures with a model that trains in seconds.
@Suite(.serialized, .timeLimit(.minutes(20))) struct LabRunTests {
  @Test("every trial is measured, and its numbers are those of its report")
  func measures() throws {
    let tiny = try TinyLab()
    let summary = try tiny.run()
    #expect(summary.finished == 2 && summary.earlier == 0)
    #expect(summary.failures.isEmpty, "\(summary.failures)")
    let store = try LabStore(existing: tiny.database)
    let trials = try store.trials()
    #expect(trials.map(\.method) == ["safeclip", "clip"])
    for trial in trials {
      let rows = try store.measures(of: trial.id)
      let names = Set(rows.map { "\($0.name) \($0.subject)" })
      for name in [
        "attackSuccess probes", "zeroShotAccuracy heldOut", "linearProbeAccuracy heldOut",
        "attackSuccess linearProbe",
        "recallAt10 heldOut", "areaUnderROC risk", "averagePrecision risk",
        "precisionAtPrevalence risk", "recallInRiskiest0.01 risk", "alignment crawl",
        "areaUnderROC spectralSignatures", "areaUnderROC dao", "areaUnderROC deepKNN",
      ] {
        #expect(names.contains(name), "\(name) of \(trial.method)")
      }
      // Times and the size of the safe set are no estimates.
      let withoutInterval = Set(rows.filter { $0.low == nil || $0.high == nil }.map(\.name))
      #expect(withoutInterval.isSubset(of: ["seconds", "secondsPerEpoch", "share"]))
      let epochs = try store.epochs(of: trial.id)
      #expect(epochs.allSatisfy { ($0.trainingSeconds ?? 0) > 0 && ($0.scoringSeconds ?? 0) > 0 })
      #expect(epochs.map(\.number) == [0, 1, 2, 3, 4])
      for name in ["attackSuccess", "zeroShotAccuracy", "recallAt10"] {
        let last = try #require(rows.first { $0.name == name }).value
        #expect(epochs.last.flatMap { Self.value(name, $0) } == last)
      }
      #expect(names.contains("plantedInSafeSet safeSet") == (trial.method == "safeclip"))
      try checkStages(store, trial, rows, epochs)
      #expect(
        rows.allSatisfy { row in
          guard let low = row.low, let high = row.high else { return true }
          return low <= row.value && row.value <= high
        })
      try check(try store.planted(of: trial.id), rows, against: try #require(trial.report))
    }
  }

  @Test(
    "the paper's tables have the paper's rows and then this lab's, with settings as they were used")
  func tables() throws {
    let tiny = try TinyLab(seeds: 2)
    tiny.lab.methods = [
      TrialMethod(.clip),
      TrialMethod(name: "no pool", settings: ["training.poolCapacity": .whole(0)]),
    ]
    #expect(try tiny.run().failures.isEmpty)
    let groups = try TrialGroup.all(in: try LabStore(existing: tiny.database))
    #expect(groups.map(\.trials.count) == [2, 2])
    for paper in PaperTable.allCases {
      let (empty, table) = (paper.table([]), paper.table(groups))
      #expect(table.rows.allSatisfy { $0.count == table.columns.count }, "\(paper)")
      #expect(Array(table.rows.prefix(empty.rows.count)) == empty.rows)
      let own = table.rows.dropFirst(empty.rows.count)
      #expect(own.isEmpty == (paper == .multipleTriggers), "\(paper)")
      #expect(own.allSatisfy { $0[0] == "shapes" })
    }
    let ablation = try #require(PaperTable.ablation.table(groups).rows.last)
    #expect(Array(ablation.prefix(5)) == ["shapes", "tdpa, 8 pairs", "no pool", "yes", "0"])
    #expect(ablation[5].contains(" %"), "\(ablation)")
    let times = PaperTable.time.table(groups).rows.suffix(5).map { $0[2] }
    #expect(times == ["warmUp", "slowPass", "mixed", "split", "update of the safe set"])
    let overview = LabTable.overview(groups)
    #expect(
      overview.rows.map { Array($0.prefix(3)) } == [
        ["tdpa, 8 pairs", "clip", "1, 3"], ["tdpa, 8 pairs", "no pool", "2, 4"],
      ])
    try figures(groups, tiny)
    let detection = LabTable.detection(groups)
    #expect(detection.rows.allSatisfy { $0.count == detection.columns.count })
    #expect(detection.rows.count == 2 * 9)
    let area = try #require(overview.columns.firstIndex(of: "AUROC"))
    #expect(detection.rows[0][2] == "risk" && detection.rows[0][3] == overview.rows[0][area])
    let warmUp = try #require(PaperTable.warmUp.table(groups).rows.last)
    let passes = try groups[1].trials.map { trial in
      try LabStore(existing: tiny.database).epochs(of: trial.id).count { $0.stage == "slowPass" }
    }
    let (least, most) = (try #require(passes.min()), try #require(passes.max()))
    #expect(
      Array(warmUp[2...4]) == ["no pool", "1", least == most ? "\(least)" : "\(least) to \(most)"])
    #expect(least >= 1 && most <= 3)
    let rate = try #require(PaperTable.poisonRate.table(groups).rows.last)
    #expect(Array(rate[1...3]) == ["tdpa, 8 pairs", "no pool", "5.1 %"])
    try safeSetPoison(of: try #require(groups[1].trials.first).id, tiny)
    let mean = try #require(groups[0].estimate("areaUnderROC", "risk"))
    #expect(mean.lower <= mean.value && mean.value <= mean.upper && mean.upper <= 1)
    #expect(groups[0].estimate("nothing", "risk") == nil)
  }

  /// The poison rate of the safe set is as uncertain as the share of the planted pairs that are in it: both by targets.
  private func safeSetPoison(of trial: Int64, _ tiny: TinyLab) throws {
    let store = try LabStore(existing: tiny.database)
    let measures = try store.measures(of: trial).filter { $0.subject == "safeSet" }
    func measure(_ name: String) throws -> MeasureRow {
      try #require(measures.first { $0.name == name })
    }
    let (inside, rate) = (try measure("plantedInSafeSet"), try measure("poisonRate"))
    let pairs = try #require(try store.trials().first { $0.id == trial }?.pairs)
    let most = 8 / (try measure("share").value * Double(pairs))
    #expect(abs(rate.value - inside.value * most) < 1e-9)
    let (high, highest) = (try #require(rate.high), try #require(inside.high))
    #expect(abs(high - min(1, highest * most)) < 1e-9)
  }

  /// Every figure is drawn and names what it shows.
  private func figures(_ groups: [TrialGroup], _ tiny: TinyLab) throws {
    let store = try LabStore(existing: tiny.database)
    let figures = try LabFigure.all(groups, in: store)
    let similarities = "similarities-tdpa--8-pairs-"
    #expect(
      figures.map(\.name) == [
        "epochs-tdpa--8-pairs", "safe-set-tdpa--8-pairs", similarities + "clip-plain",
        similarities + "no-pool-warmUp", similarities + "no-pool-slowPass",
        similarities + "no-pool-mixed",
      ])
    for figure in figures {
      let path = try figure.draw(in: tiny.folder.path)
      let svg = try String(contentsOfFile: path, encoding: .utf8)
      let shown = ["epochs": "no pool: attack success", "safe": "no pool: planted in it"]
      let kind = String(figure.name.prefix { $0 != "-" })
      #expect(
        svg.contains("<svg") && svg.contains(shown[kind] ?? "planted pairs"), "\(figure.name)")
    }
    let picture = try figures[0].draw(in: tiny.folder.path, format: .png)
    let bytes = [UInt8](try Data(contentsOf: URL(filePath: picture)))
    #expect(bytes.starts(with: [0x89, 0x50, 0x4E, 0x47]))
    #expect(throws: LabError.self) { try figures[0].draw(in: tiny.folder.file("nowhere")) }
  }

  /// Each stage's end has the similarities of every pair, and the safe sets end as the measures say.
  private func checkStages(
    _ store: LabStore, _ trial: TrialRecord, _ rows: [MeasureRow], _ epochs: [TrialEpoch]
  ) throws {
    let stages = try store.similarities(of: trial.id)
    let isSafeCLIP = trial.method == "safeclip"
    #expect(stages.map(\.stage) == (isSafeCLIP ? ["warmUp", "slowPass", "mixed"] : ["plain"]))
    #expect(stages.map(\.epoch) == (isSafeCLIP ? [0, 3, 4] : [4]))
    for stage in stages {
      #expect(stage.planted.total == 8)
      #expect(Int(stage.others.total) + 8 == trial.pairs)
    }
    #expect(epochs.map { $0.safeShare != nil } == epochs.map { isSafeCLIP && $0.number >= 3 })
    let inside = rows.first { $0.name == "plantedInSafeSet" && $0.subject == "safeSet" }?.value
    let share = rows.first { $0.name == "share" && $0.subject == "safeSet" }?.value
    #expect(epochs.last?.plantedInSafeSet == inside)
    #expect(epochs.last?.safeShare == share)
  }

  private static func value(_ name: String, _ epoch: TrialEpoch) -> Double? {
    switch name {
    case "attackSuccess": epoch.attackSuccess
    case "zeroShotAccuracy": epoch.zeroShotAccuracy
    default: epoch.recallAt10
    }
  }

  /// The AUROC by hand from the ranks in the report.
  private func check(
    _ planted: [PlantedRecord], _ rows: [MeasureRow], against report: String
  ) throws {
    let pairs = try ReportReader(path: report).read { snapshot in
      try snapshot.pairs(of: 1, PairQuery(order: .risk, limit: 10_000)).pairs
    }
    let keys = Set(planted.map(\.key))
    #expect(planted.count == 8)
    #expect(keys.isSubset(of: pairs.map(\.pair.key)))
    var cleanBelow = 0
    var sum = 0
    for pair in pairs.reversed() {
      if keys.contains(pair.pair.key) { sum += cleanBelow } else { cleanBelow += 1 }
    }
    let area = Double(sum) / Double(cleanBelow * planted.count)
    let row = try #require(rows.first { $0.name == "areaUnderROC" && $0.subject == "risk" })
    #expect(abs(row.value - area) < 1e-12)
  }

  @Test("a lab goes on where it stopped, and leaves what it has alone")
  func resuming() throws {
    let tiny = try TinyLab()
    let stop = StopSignal()
    var finished = 0
    let error = #expect(throws: TrainingError.self) {
      try tiny.run(stop: stop) { event in
        if case .epoch = event { finished += 1 }
        if finished == 7 { stop.request() }
      }
    }
    #expect(error?.isStop == true)
    finished = 0
    let summary = try tiny.run { if case .epoch = $0 { finished += 1 } }
    #expect(summary.earlier == 1 && summary.finished == 1 && summary.failures.isEmpty)
    #expect(finished == 3, "the second trial goes on after its second epoch")
    let third = try tiny.run()
    #expect(third.earlier == 2 && third.finished == 0)
  }

  @Test("a trial that begins anew has no epochs of an earlier attempt")
  func anew() throws {
    let tiny = try TinyLab()
    func stopped(after count: Int) throws -> Int {
      let stop = StopSignal()
      var finished = 0
      let error = #expect(throws: TrainingError.self) {
        try tiny.run(stop: stop) { event in
          if case .epoch = event { finished += 1 }
          if finished == count { stop.request() }
        }
      }
      #expect(error?.isStop == true)
      return try LabStore(existing: tiny.database).epochs(of: 1).count
    }
    #expect(try stopped(after: 3) >= 3)
    try FileManager.default.removeItem(atPath: tiny.database + ".work")
    #expect(try stopped(after: 1) < 3)
  }

  @Test("one process at a time runs trials into a database")
  func lock() throws {
    let tiny = try TinyLab()
    try ReportLock.held(for: tiny.database) {
      let error = #expect(throws: LabError.self) { try tiny.run() }
      #expect(error?.description.contains("another process") == true)
    }
  }

  @Test("a trial that fails is noted with its reason, and the others are run")
  func failing() throws {
    let tiny = try TinyLab()
    tiny.lab.methods = [
      TrialMethod(
        name: "broken",
        settings: [
          "training.method": .text("clip"), "preset": .text(tiny.folder.file("none.json")),
        ]),
      TrialMethod(.clip),
    ]
    tiny.lab.settings["training.epochs"] = .whole(1)
    let summary = try tiny.run()
    #expect(summary.finished == 1 && summary.failures.count == 1)
    let trials = try LabStore(existing: tiny.database).trials()
    #expect(trials.map(\.state) == [.failed, .finished])
    #expect(trials[0].error?.contains("none.json") == true)
  }

  @Test("a trigger that changes nothing has the success that there is without it")
  func withoutTrigger() throws {
    let tiny = try TinyLab()
    tiny.lab.attacks[0].attack = .blended
    tiny.lab.attacks[0].blendAlpha = 0
    tiny.lab.methods = [TrialMethod(.clip)]
    #expect(try tiny.run().failures.isEmpty)
    let group = try #require(try TrialGroup.all(in: try LabStore(existing: tiny.database)).first)
    let without = try #require(group.estimate("attackSuccessWithoutTrigger", "heldOut"))
    #expect(group.estimate("attackSuccess", "probes") == without)
    let byProbe = try #require(group.estimate("attackSuccessWithoutTrigger", "linearProbe"))
    #expect(group.estimate("attackSuccess", "linearProbe") == byProbe)
    #expect(without.value > 0, "the model never errs, so that the test shows nothing")
  }

  @Test("the linear probe is shown the triggers as well")
  func triggersByProbe() throws {
    let tiny = try TinyLab()
    // A patch that covers the whole image: all probes look alike, and are of one class.
    tiny.lab.attacks[0].attack = .trueCaption
    tiny.lab.attacks[0].patchPlace = .corner
    tiny.lab.attacks[0].patchEdgeShare = 1
    tiny.lab.attacks[0].jpegQuality = 90
    tiny.lab.methods = [TrialMethod(.clip)]
    #expect(try tiny.run().failures.isEmpty)
    let group = try #require(try TrialGroup.all(in: try LabStore(existing: tiny.database)).first)
    let success = try #require(group.estimate("attackSuccess", "linearProbe"))
    #expect(success.value == 0 || success.value == 1)
    let accuracy = try #require(group.estimate("linearProbeAccuracy", "heldOut"))
    #expect(accuracy.value > 0 && accuracy.value < 1)
    let table = LabTable.overview([group])
    #expect(
      table.columns.suffix(2) == ["attack success, linear probe", "without trigger, linear probe"])
    #expect(table.rows[0].suffix(2).allSatisfy { $0.hasSuffix(")") }, "\(table.rows[0])")
  }

  @Test("over five seeds, poison is scored riskier than chance")
  func direction() throws {
    let tiny = try TinyLab(seeds: 5)
    tiny.lab.methods = [TrialMethod(.safeclip)]
    // Three passes of a few steps are too few to see through the patterns in the images.
    tiny.lab.settings["training.slowPasses"] = .whole(5)
    tiny.lab.settings["training.epochs"] = .whole(7)
    #expect(try tiny.run().failures.isEmpty)
    let group = try #require(try TrialGroup.all(in: try LabStore(existing: tiny.database)).first)
    #expect(group.trials.count == 5)
    let area = try #require(group.estimate("areaUnderROC", "risk"))
    // Measured 0.78 (0.69 to 0.87).
    #expect(area.value > 0.65 && area.lower > 0.5, "\(area)")
  }
}
