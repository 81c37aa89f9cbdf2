import AuditEncoders
import AuditKit
import AuditReport
import AuditTraining
import Foundation
import NeuralKit
import Testing
import TestSupport

@Suite(.serialized, .timeLimit(.minutes(20))) struct TrainedModelTests {
  /// A scan of the shapes that left its model in `model`.
  private static func scanned(set assignments: [String] = []) throws -> (TinyScan, ScanSummary) {
    let scan = try TinyScan()
    var request = try scan.request(set: assignments)
    request.modelOut = scan.file("model")
    return (scan, try Scan.run(request))
  }

  @Test(
    "a saved model gives its own crawl the similarities that its scan ended with, watched pairs apart",
    arguments: [
      [], ["thumbnails.edgePixels=40", "thumbnails.fit=squash"], ["training.method=clip"],
    ])
  func sameSimilarities(assignments: [String]) throws {
    // With neighbours a pair's number is the cosine at its place, which depends on who else is ranked.
    let (scan, summary) = try Self.scanned(set: assignments + ["training.neighbours=0"])
    var request = scan.modelRequest()
    request.explicitSettings = ["training.neighbours"]
    let scored = try CrawlScoring.run(request, report: scan.file("audit.sqlite"))
    #expect(scored.run == summary.run + 1)
    #expect(scored.method == "score")
    let before = try scan.pairs(of: summary.run)
    let after = try scan.pairs(of: scored.run)
    #expect(before.count == 192)
    #expect(before.map(\.pair) == after.map(\.pair))
    var differing = 0
    for (old, new) in zip(before, after) {
      let oldScore = try #require(old.score)
      let newScore = try #require(new.score)
      if abs(oldScore.similarity - newScore.similarity) > 1e-5 { differing += 1 }
      #expect(newScore.isFinal)
      #expect(newScore.risk != nil && newScore.posterior != nil)
    }
    // The watched pairs, which the scan ranks where they would be had they been learned.
    #expect(differing <= 38)
  }

  @Test("a score run is a finished run with estimates, alignment and a safe set by the posterior")
  func scoreRun() throws {
    let (scan, _) = try Self.scanned()
    let summary = try CrawlScoring.run(scan.modelRequest(), report: scan.file("other.sqlite"))
    let reader = try ReportReader(path: scan.file("other.sqlite"))
    try reader.read { snapshot in
      let run = try snapshot.run(summary.run)
      #expect(run.state == .finished)
      #expect(run.method == CrawlScoring.method)
      #expect(run.modelPath == scan.file("model"))
      let estimates = try snapshot.estimates(of: run.id)
      #expect(
        Set(estimates.map(\.name)) == [EstimateRow.mixtureRiskyShare, EstimateRow.mismatchRate])
      let alignment = try #require(try snapshot.measures(of: run.id).first)
      #expect(alignment.name == "alignment")
      #expect(alignment.value == summary.alignment.value)
      #expect(try #require(alignment.low) <= alignment.value)
    }
    let pairs = try scan.pairs(of: summary.run, report: "other.sqlite")
    let safe = pairs.filter { $0.score?.isSafe == true }
    #expect(safe.count == summary.safeCount)
    #expect(!safe.isEmpty)
    // Safe is monotone in the similarity.
    let lowest = try #require(safe.compactMap(\.score?.similarity).min())
    #expect(pairs.allSatisfy { $0.score?.isSafe == true || ($0.score?.similarity ?? 2) <= lowest })
    #expect(summary.riskiest.count == 10)
    #expect(summary.riskiest[0].risk >= summary.riskiest[9].risk)
    #expect(summary.riskiest[0].key == pairs.first { $0.score?.rank == 1 }?.pair.key)
  }

  @Test("scores do not depend on the number of threads")
  func threads() throws {
    let (scan, _) = try Self.scanned()
    var runs: [[Float?]] = []
    for threads in [1, 3] {
      let summary = try CrawlScoring.run(
        scan.modelRequest(threads: threads), report: scan.file("audit.sqlite"))
      runs.append(try scan.pairs(of: summary.run).map(\.score?.similarity))
    }
    #expect(runs[0] == runs[1])
  }

  @Test("scan --resume goes on with the last scan, not with a score run after it")
  func resumeAfterScoring() throws {
    let (scan, summary) = try Self.scanned()
    _ = try CrawlScoring.run(scan.modelRequest(), report: scan.file("audit.sqlite"))
    var request = try scan.request()
    request.resume = true
    #expect(try Scan.run(request) == summary)
  }

  @Test("embeddings are unit rows in the crawl's order whose products are the similarities")
  func embeddings() throws {
    let (scan, summary) = try Self.scanned(set: ["training.neighbours=0"])
    var files: [Data] = []
    for threads in [1, 3] {
      let embedded = try CrawlEmbedding.run(
        scan.modelRequest(threads: threads), output: scan.file("crawl.safetensors"),
        keys: scan.file("keys.txt"))
      #expect(embedded.pairs == 192)
      #expect(embedded.width == 32)
      #expect(embedded.rejections.isEmpty)
      files.append(try Data(contentsOf: URL(fileURLWithPath: embedded.output)))
    }
    #expect(files[0] == files[1])
    let file = try SafetensorsFile(files[0])
    let images = try file.tensor("images")
    let captions = try file.tensor("captions")
    #expect(images.shape == [192, 32])
    #expect(captions.shape == [192, 32])
    let pairs = try scan.pairs(of: summary.run)
    let keys = try String(contentsOfFile: scan.file("keys.txt"), encoding: .utf8)
    #expect(keys == pairs.map { $0.pair.key + "\n" }.joined())
    func product(_ a: Tensor, _ b: Tensor, _ row: Int) -> Float {
      zip(a.rows(row..<row + 1).scalars, b.rows(row..<row + 1).scalars)
        .reduce(0) { $0 + $1.0 * $1.1 }
    }
    var differing = 0
    for (row, pair) in pairs.enumerated() {
      #expect(abs(product(images, images, row) - 1) < 1e-5)
      #expect(abs(product(captions, captions, row) - 1) < 1e-5)
      let similarity = try #require(pair.score?.similarity)
      if abs(product(images, captions, row) - similarity) > 1e-5 { differing += 1 }
    }
    // The watched pairs, which the scan ranks where they would be had they been learned.
    #expect(differing <= 38)
  }

  @Test("a stop leaves no run and no file")
  func stopping() throws {
    let (scan, summary) = try Self.scanned()
    let stop = StopSignal()
    stop.request()
    let scoring = #expect(throws: TrainingError.self) {
      try CrawlScoring.run(scan.modelRequest(), report: scan.file("audit.sqlite"), stop: stop)
    }
    #expect(scoring?.isStop == true)
    let late = StopSignal()
    let embedding = #expect(throws: TrainingError.self) {
      try CrawlEmbedding.run(
        scan.modelRequest(), output: scan.file("x.safetensors"), keys: scan.file("x.txt"),
        stop: late,
        onEvent: { event in
          if case .phase(.embedding) = event { late.request() }
        })
    }
    #expect(embedding?.isStop == true)
    let runs = try ReportReader(path: scan.file("audit.sqlite")).read { try $0.runs().map(\.id) }
    #expect(runs == [summary.run])
    let names = try FileManager.default.contentsOfDirectory(atPath: scan.folder.path)
    #expect(names.allSatisfy { !$0.contains("x.") }, "\(names)")
  }

  @Test("a model whose embeddings are no numbers is refused, and leaves no run")
  func divergedModel() throws {
    let (scan, summary) = try Self.scanned()
    let model = try TrainedModel(contentsOf: scan.file("model"))
    model.weights.parameters.flat.withMutableElements { elements in
      for index in elements.indices { elements[index] = .nan }
    }
    var request = scan.modelRequest()
    request.loaded = model
    let error = #expect(throws: ScanError.self) {
      try CrawlScoring.run(request, report: scan.file("audit.sqlite"))
    }
    #expect(error?.description.contains("not numbers") == true)
    let runs = try ReportReader(path: scan.file("audit.sqlite")).read { try $0.runs().map(\.id) }
    #expect(runs == [summary.run])
  }

  @Test("a crawl of a few pairs can be embedded but not scored")
  func fewPairs() throws {
    let (scan, _) = try Self.scanned()
    let request = scan.modelRequest("model", Repository.crawl("captions"))
    let error = #expect(throws: ScanError.self) {
      try CrawlScoring.run(request, report: scan.file("audit.sqlite"))
    }
    guard case .tooFewToScore(let count, _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    let embedded = try CrawlEmbedding.run(
      request, output: scan.file("few.safetensors"), keys: scan.file("few.txt"))
    #expect(embedded.pairs == count)
  }

  @Test("a folder that is no whole model is refused, and the message names what is wrong")
  func brokenModels() throws {
    let (scan, _) = try Self.scanned()
    func expect(_ text: String, _ damage: (String) throws -> Void) throws {
      let folder = scan.file("broken")
      try? FileManager.default.removeItem(atPath: folder)
      try FileManager.default.copyItem(atPath: scan.file("model"), toPath: folder)
      try damage(folder)
      let error = #expect(throws: (any Error).self) { try TrainedModel(contentsOf: folder) }
      let message = error.map { "\($0)" } ?? ""
      #expect(message.contains(folder), "\(message)")
      #expect(message.contains(text), "\(message)")
    }
    func write(_ text: String, _ path: String) throws {
      try text.write(toFile: path, atomically: true, encoding: .utf8)
    }
    _ = try TrainedModel(contentsOf: scan.file("model"))
    try expect("there is no such folder") { try FileManager.default.removeItem(atPath: $0) }
    try expect("--merges") {
      try FileManager.default.removeItem(atPath: $0 + "/tokenizer.json")
    }
    try expect("tokenizer.json") { try write("{}", $0 + "/tokenizer.json") }
    try expect("thumbnails.json") { try write("{\"edge\": 3}", $0 + "/thumbnails.json") }
    try expect("open_clip_config.json") {
      try FileManager.default.removeItem(atPath: $0 + "/open_clip_config.json")
    }
    try expect("safetensors") { folder in
      let path = folder + "/open_clip_model.safetensors"
      let data = try Data(contentsOf: URL(fileURLWithPath: path))
      try data.prefix(data.count / 2).write(to: URL(fileURLWithPath: path))
    }
    try expect("not of one model") { folder in
      let path = folder + "/open_clip_config.json"
      // A tokenizer of another vocabulary than the model's.
      let other = try Self.scanned(set: ["tokenizer.vocabularySize=514"]).0
      try FileManager.default.removeItem(atPath: folder + "/tokenizer.json")
      try FileManager.default.copyItem(
        atPath: other.file("model/tokenizer.json"), toPath: folder + "/tokenizer.json")
      #expect(FileManager.default.fileExists(atPath: path))
    }
  }
}
