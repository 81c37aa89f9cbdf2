import AuditKit
import AuditPixels
import AuditReport
import AuditTraining
import Foundation
import Testing
import TestSupport

@Suite(.serialized, .timeLimit(.minutes(20))) struct ScanTests {
  @Test(
    "a model takes no other file's place: a folder with something else is refused before any work")
  func modelDestination() throws {
    let scan = try TinyScan()
    try scan.folder.write("notes/keep.txt", "mine")
    var request = try scan.request()
    for (path, reason) in [
      (scan.file("notes"), "keep.txt"), (scan.file("tiny.json"), "file"),
      ("/proc/nowhere/model", "nowhere"),
    ] {
      request.modelOut = path
      let error = #expect(throws: ScanError.self) { try Scan.run(request) }
      #expect(error?.description.contains(reason) == true, "\(error?.description ?? "")")
    }
    #expect(try String(contentsOfFile: scan.file("notes/keep.txt"), encoding: .utf8) == "mine")
    #expect(!FileManager.default.fileExists(atPath: scan.file("audit.sqlite")))
  }

  @Test("a model replaces an earlier model, and fills an empty folder")
  func modelReplaced() throws {
    let scan = try TinyScan()
    try FileManager.default.createDirectory(
      atPath: scan.file("model"), withIntermediateDirectories: true)
    var request = try scan.request()
    request.modelOut = scan.file("model")
    _ = try Scan.run(request)
    let first = try FileManager.default.contentsOfDirectory(atPath: scan.file("model")).sorted()
    request.report = scan.file("second.sqlite")
    _ = try Scan.run(request)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: scan.file("model")).sorted() == first)
    #expect(first.count == 5)
  }

  @Test("a scan rejects images above the crawl's limit of bytes")
  func imageLimit() throws {
    let scan = try TinyScan()
    var request = try scan.request()
    request.configuration.crawl.maximumImageBytes = 1
    let error = #expect(throws: ScanError.self) { try Scan.run(request) }
    guard case .noPairs(_, let rejected) = error else {
      Issue.record("unexpected error \(String(describing: error))")
      return
    }
    #expect(rejected > 0)
  }

  @Test("slow passes that end early are told, and the report has the epochs that were trained")
  func slowPassesThatEndEarly() throws {
    let scan = try TinyScan()
    let request = try scan.request(
      set: [
        "training.slowPasses=3", "training.epochs=6", "training.slowLeastGain=1",
        "training.rewindsAfterSplit=true",
      ])
    var told: [String] = []
    let summary = try Scan.run(request) { if case .notice(let text) = $0 { told.append(text) } }
    #expect(told.count { $0.hasPrefix("slow passes ended after 2 of 3") } == 1)
    let (stages, notices) = try ReportReader(path: scan.file("audit.sqlite")).read { snapshot in
      (
        try snapshot.epochs(of: summary.run).map(\.stage),
        try snapshot.notices(of: summary.run).map(\.message)
      )
    }
    #expect(stages == ["warmUp", "slowPass", "slowPass", "mixed", "mixed"])
    #expect(notices.count { $0.contains("training.slowLeastGain, 1") } == 1)
  }

  @Test("a held-out crawl that is not there is told before any work")
  func heldOutMissing() throws {
    let scan = try TinyScan()
    var request = try scan.request()
    request.heldOut = scan.file("nothing")
    var phases = 0
    #expect(throws: (any Error).self) {
      try Scan.run(request) { if case .phase = $0 { phases += 1 } }
    }
    #expect(phases == 0)
  }

  @Test("a held-out crawl without a usable pair is told before any training, and leaves no run")
  func heldOutUnusable() throws {
    let scan = try TinyScan()
    try scan.folder.write("held-out/pairs.csv", "filepath,title\nnothing.png,a cat\n")
    var request = try scan.request()
    request.heldOut = scan.file("held-out/pairs.csv")
    let error = #expect(throws: ScanError.self) { try Scan.run(request) }
    #expect(error == .unusableHeldOut(path: scan.file("held-out/pairs.csv"), rejected: 1))
    #expect(try ReportReader(path: scan.file("audit.sqlite")).read { try $0.runs() }.isEmpty)
  }

  @Test("a mistyped crawl or preset leaves no report behind", arguments: ["crawl", "preset"])
  func mistyped(what: String) throws {
    let scan = try TinyScan()
    let request =
      what == "crawl"
      ? try scan.request(scan.file("shapse"))
      : try scan.request(set: ["preset=\(scan.file("tynie.json"))"])
    #expect(throws: (any Error).self) { try Scan.run(request) }
    #expect(try FileManager.default.contentsOfDirectory(atPath: scan.folder.path) == ["tiny.json"])
  }

  @Test("a stop while the held-out pairs are read leaves a run that can be resumed")
  func stoppedAtTheEnd() throws {
    let scan = try TinyScan()
    var request = try scan.request()
    request.heldOut = TinyScan.shapes
    let stop = StopSignal()
    let error = #expect(throws: TrainingError.self) {
      try Scan.run(request, stop: stop) { event in
        if case .phase(.writing) = event { stop.request() }
      }
    }
    #expect(error?.isStop == true)
    let reader = try ReportReader(path: scan.file("audit.sqlite"))
    #expect(try reader.read { try $0.latestRun()?.state } == .stopped)
    request.resume = true
    request.heldOut = scan.file("nothing")
    #expect(throws: DumpError.self) {
      try Scan.run(request) { if case .phase = $0 { Issue.record("it works before it tells") } }
    }
    request.heldOut = TinyScan.shapes
    let summary = try Scan.run(request)
    let measures = try reader.read { try $0.measures(of: summary.run) }
    let recall = try #require(measures.first { $0.name == "recallAt10" })
    #expect(summary.recallAt10 == recall.value)
    #expect(try #require(recall.low) < #require(recall.high))
    #expect(try reader.read { try $0.runs().map(\.state) } == [.finished])
  }

  @Test(
    "a finished run is told again, however its crawl is spelled; what it did not make, or was not made by, is refused"
  )
  func finished() throws {
    let scan = try TinyScan()
    var request = try scan.request()
    let summary = try Scan.run(request)
    request.resume = true
    request.crawl = TinyScan.shapes + "/../shapes/"
    #expect(try Scan.run(request) == summary)
    request.modelOut = scan.file("model")
    #expect(throws: ScanError.finishedWithout(run: summary.run)) { try Scan.run(request) }
    request.modelOut = nil
    request.heldOut = TinyScan.shapes
    #expect(throws: ScanError.finishedWithout(run: summary.run)) { try Scan.run(request) }
    request.heldOut = nil
    request.configuration.training.epochs += 1
    #expect(
      throws: ScanError.resumedWithOtherSettings(run: summary.run, names: ["training.epochs"])
    ) {
      try Scan.run(request)
    }
  }

  @Test("resuming what is not there says so and begins")
  func nothingToResume() throws {
    let scan = try TinyScan()
    var request = try scan.request()
    request.resume = true
    var notices: [String] = []
    _ = try Scan.run(request) { if case .notice(let text) = $0 { notices.append(text) } }
    #expect(notices.contains { $0.contains("no run of this crawl to resume") })
  }

  @Test("where re-scores are not trusted, scores stay those of the epoch that the report names")
  func untrusted() throws {
    let scan = try TinyScan()
    // No alignment can be as good as this asks for.
    let request = try scan.request(set: [
      "training.alignmentTolerance=0", "training.epochs=8", "training.learningRate=0.3",
    ])
    let summary = try Scan.run(request)
    let reader = try ReportReader(path: scan.file("audit.sqlite"))
    let (run, epochs) = try reader.read { snapshot in
      (try snapshot.run(summary.run), try snapshot.epochs(of: summary.run))
    }
    let trusted = epochs.last { $0.decisionReason != nil && $0.decisionReason != "growthWithheld" }
    #expect(epochs.contains { $0.decisionReason == "growthWithheld" })
    #expect(run.scoredEpoch == trusted?.number)
    #expect(summary.alignment.value == trusted?.alignment)
    // Every epoch with a decision has its safe set in the history.
    let history = try reader.read { try $0.safeSetHistory(of: summary.run, ordinal: 0) }
    #expect(history.map(\.epoch) == epochs.filter { $0.decisionReason != nil }.map(\.number))
  }

  @Test(
    "where mixed training begins again, the split's scores and safe set stand until the last epoch joins them with its own"
  )
  func rewound() throws {
    let scan = try TinyScan()
    let summary = try Scan.run(
      try scan.request(set: [
        "training.rewindsAfterSplit=true", "training.leastAlignment=0", "training.epochs=5",
        // The second model accepts nothing.
        "training.falseAcceptLimit=0",
      ]))
    let (run, epochs) = try ReportReader(path: scan.file("audit.sqlite")).read { snapshot in
      (try snapshot.run(summary.run), try snapshot.epochs(of: summary.run))
    }
    #expect(run.scoredEpoch == 1)
    #expect(
      epochs.map(\.decisionReason).suffix(3) == ["splitStands", "splitStands", "consensus"])
    #expect(Set(epochs.compactMap(\.safeCount)).count == 1)
    #expect(summary.alignment.value == epochs[1].alignment)
  }

  @Test("images get patterns where the method is safeclip, elsewhere only where that was asked for")
  func patterns() throws {
    let scan = try TinyScan()
    let asked = "imageAugmentation.patternProbability=0.25"
    let patches = "imageAugmentation.patchProbability=0.25"
    func used(_ settings: [String]) throws -> (probabilities: [Double], loss: Double) {
      let summary = try Scan.run(
        try scan.request(set: settings + ["training.epochs=1", "training.slowPasses=0"]))
      return try ReportReader(path: summary.report).read { snapshot in
        let run = try snapshot.run(summary.run)
        let configuration = try JSONDecoder().decode(
          ScanConfiguration.self, from: Data(run.configuration.utf8))
        let epochs = try snapshot.epochs(of: summary.run)
        return (
          [
            configuration.imageAugmentation.patternProbability,
            configuration.imageAugmentation.patchProbability,
          ], try #require(epochs.first).loss
        )
      }
    }
    let safe = try used(["training.warmUpEpochs=1"])
    let plain = try used(["training.method=clip"])
    let patterned = try used(["training.method=clip", asked])
    let patched = try used(["training.method=clip", patches])
    #expect(safe.probabilities == [0.5, 0.5])
    #expect(plain.probabilities == [0, 0])
    #expect(patterned.probabilities == [0.25, 0])
    #expect(patched.probabilities == [0, 0.25])
    // The CLIP loss sees them where they are.
    #expect(Set([plain.loss, patterned.loss, patched.loss]).count == 3)
  }

  @Test("small crawls watch a fifth of their pairs, and say where that is too few")
  func smallCrawls() throws {
    let scan = try TinyScan()
    let summary = try Scan.run(try scan.request())
    let estimate = try #require(summary.estimates.first { $0.name == EstimateRow.mismatchRate })
    // 38 of 192: fewer shuffled pairs than a tail needs.
    #expect(estimate.low == 0 && estimate.high == 1)
    #expect(try #require(summary.alignment.low) < summary.alignment.value)
  }
}
