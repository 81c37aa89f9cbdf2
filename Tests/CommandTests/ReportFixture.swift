import AuditKit
import AuditReport
import Foundation
import Testing
import TestSupport

/// A report of a made-up scan, small and the same each time, in a folder that goes with the test.
final class ReportFixture {
  let folder: TemporaryFolder
  var path: String { folder.file("audit.sqlite") }

  static let captions = [
    "a red bicycle", "日本の古い自転車", "tab\there \u{1B}[31mred\u{1B}[0m", "👩‍👩‍👧 a family",
    "a caption that is so long that no terminal of usual width can show it in one line, so that it "
      + "must be cut somewhere near its end", "quote \" and, comma", "plain",
  ]

  init() throws {
    folder = try TemporaryFolder()
  }

  /// Writes a finished run of 70 pairs with four epochs, and, where asked, one that only began.
  static func make(withSecondRun: Bool = false) throws -> ReportFixture {
    let fixture = try ReportFixture()
    let store = try ReportStore(path: fixture.path)
    try fixture.writeRun(store)
    if withSecondRun { _ = try store.beginRun(newRun(crawl: "crawl/other")) }
    try store.close()
    return fixture
  }

  private static func newRun(crawl: String) -> NewRun {
    NewRun(
      crawlPath: crawl, crawlFormat: "webdataset", method: "safeclip", preset: "compact",
      configuration: #"{"seed":7,"training":{"epochs":4}}"#, seed: 7, threads: 2,
      versions: ["auditkit": "test"], host: ["cores": "2"])
  }

  private static let count = 70

  private func writeRun(_ store: ReportStore) throws {
    let run = try store.beginRun(Self.newRun(crawl: "crawl/small"))
    _ = try store.replacePairs(of: run, with: (0..<Self.count).map(Self.pair))
    try store.replaceRejections(
      of: run,
      with: [
        RejectionRecord(
          source: "shards/00000.tar!broken.jpg", offset: 4096, reason: "truncatedImage",
          message: "the file ends in the middle"),
        RejectionRecord(
          source: "shards/00001.tar!none.jpg", reason: "missingCaption", message: "no .txt"),
        RejectionRecord(
          source: "shards/00001.tar!\u{1B}[2J.jpg", reason: "missingCaption", message: "no .txt"),
      ])
    try store.addNotice(
      "training.batchSize is 16 and not 512, because the crawl is small.", kind: .adaptation,
      to: run)
    for epoch in 0..<4 { try record(epoch, of: run, in: store) }
    try finish(run, in: store)
  }

  /// Every second pair tells where it came from, and one of these breaks its promise.
  private static func pair(_ ordinal: Int) -> PairRecord {
    let digest = [UInt8](repeating: UInt8(ordinal), count: 32)
    var pair = PairRecord(
      key: "key-\(ordinal)", caption: captions[ordinal % captions.count],
      sourcePath: "shards/0000\(ordinal % 3).tar", sourceMember: "\(ordinal).jpg",
      sourceOffset: Int64(512 * ordinal), sourceLength: 400, imageWidth: 64, imageHeight: 48,
      imageSHA256: digest)
    guard ordinal % 2 == 0 else { return pair }
    pair.url = "https://host\(ordinal % 3).example/images/\(ordinal).jpg"
    pair.uid = String(format: "%032x", (ordinal * 37) % count)
    (pair.originalWidth, pair.originalHeight) = (640, 480)
    pair.promisedSHA256 = ordinal == 4 ? [UInt8](repeating: 0, count: 32) : digest
    return pair
  }

  /// Similarities between -0.1 and 0.5, all different.
  private static func similarities(_ epoch: Int) -> [Float] {
    (0..<count).map { Float(($0 * 37) % count) / Float(count) * 0.6 - 0.1 + Float(epoch) * 0.001 }
  }

  private static func scores(_ epoch: Int) -> PairScores {
    let similarities = similarities(epoch)
    let posteriors = similarities.map { 1 / (1 + exp(-30 * (Double($0) - 0.2))) }
    return PairScores(
      similarities: similarities, posteriors: posteriors, risks: posteriors.map { 1 - $0 })
  }

  private static func safeSet(_ epoch: Int) -> SafeSetBitmap {
    SafeSetBitmap(similarities(epoch).map { $0 > 0.4 - 0.05 * Float(epoch) })
  }

  private static let estimates = [
    EstimateRow(
      name: EstimateRow.mismatchRate, subject: .crawl, value: 0.031, low: 0.02, high: 0.045),
    EstimateRow(name: EstimateRow.mixtureRiskyShare, subject: .crawl, value: 0.29),
    EstimateRow(
      name: EstimateRow.mismatchRate, subject: .safeSet, value: 0.0021, low: 0, high: 0.01),
  ]

  private func record(_ epoch: Int, of run: Int64, in store: ReportStore) throws {
    let stages = ["warmUp", "slowPass", "mixed", "mixed"]
    var row = EpochRow(
      number: epoch, stage: stages[epoch], steps: 5, seconds: 61.5, loss: 5 - Double(epoch),
      learningRate: 5e-4, logitScale: 14.3, alignment: 0.55 + 0.1 * Double(epoch))
    row.histogram = SimilarityHistogram(
      similarities: Self.similarities(epoch),
      shuffled: Self.similarities(epoch).map { $0 * 0.3 }, bins: 64)
    guard epoch > 0 else {
      try store.recordEpoch(row, of: run)
      return
    }
    row.mixture = MixtureRow(
      lower: .init(weight: 0.29, mean: 0.05, variance: 0.01),
      upper: .init(weight: 0.71, mean: 0.28, variance: 0.02))
    row.safeCount = Self.safeSet(epoch).count
    row.safeShare = Double(Self.safeSet(epoch).count) / Double(Self.count)
    try store.recordEpoch(
      row, of: run, estimates: Self.estimates, scores: Self.scores(epoch),
      safeSet: Self.safeSet(epoch))
  }

  private func finish(_ run: Int64, in store: ReportStore) throws {
    try store.finishRun(
      run, scores: Self.scores(3), safeSet: Self.safeSet(3), estimates: Self.estimates,
      measures: [MeasureRow(name: "recallAt10", subject: "heldOut", value: 0.61)],
      modelPath: "model", summary: Self.summary)
  }

  private static let summary = #"""
    {"run":1,"crawl":"crawl/small","method":"safeclip","pairs":70,"rejected":{"missingCaption":2,
    "truncatedImage":1},"riskiest":[{"key":"key-0","risk":0.999,"similarity":-0.097,
    "caption":"a red bicycle"},{"key":"key-2","risk":0.998,"similarity":-0.09,
    "caption":"tab\there \u001b[31mred"}],"estimates":[{"name":"mismatchRate","subject":"crawl",
    "value":0.031,"low":0.02,"high":0.045}],"alignment":{"name":"alignment","subject":"crawl",
    "value":0.85},"trust":"The top of the ranking is worth a review.","safeCount":25,
    "safeShare":0.357,"recallAt10":0.61,"seconds":246,"report":"audit.sqlite","model":"model"}
    """#
}
