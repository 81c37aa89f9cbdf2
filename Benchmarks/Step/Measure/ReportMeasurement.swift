import AuditReport
import Foundation
import NeuralKit

/// Measures the report of a large run: how it grows with its epochs, and how fast one pair's history is
/// read.
struct ReportMeasurement {
  let pairs: Int
  let epochs: Int
  /// Where the report is kept; nil: nowhere.
  var keep: String?

  private static let readCount = 1_000

  /// Writes the run and says what was measured; the file lives in a temporary folder meanwhile.
  ///
  /// - Throws: What the report throws.
  func lines() throws -> [String] {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("audit-benchmark-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent("audit.sqlite").path
    let written = try write(to: path)
    let grown = try size(of: path) - written.bytes
    let reads = try readSeconds(path, written.run)
    if let keep {
      try finish(path, written.run)
      try FileManager.default.moveItem(atPath: path, toPath: keep)
    }
    let bits = Double(pairs) * Double(epochs - 1) / 8
    return [
      "\(pairs) pairs, \(epochs) epochs",
      "report after the first of them  \(megabytes(written.bytes))",
      "growth to the last of them      \(megabytes(grown)), "
        + "\(text(grown / bits, 2)) times the history's plain bits",
      "recording one                   \(text(written.seconds, 1)) s (median)",
      "one pair's history              \(text(1_000 * reads[reads.count / 2], 2)) ms (median), "
        + "\(text(1_000 * reads[reads.count * 99 / 100], 2)) ms (99th percentile)",
    ]
  }

  /// The run, the file's bytes after its first epoch, and the median seconds of recording one.
  private func write(to path: String) throws -> (run: Int64, bytes: Double, seconds: Double) {
    var store = try ReportStore(path: path)
    let run = try store.beginRun(
      NewRun(
        crawlPath: "made-up", crawlFormat: "webdataset", method: "safeclip", preset: "compact",
        seed: 1, threads: 1))
    try store.replacePairs(of: run, with: (0..<pairs).lazy.map(Self.pair))
    var bytes = 0.0
    var seconds: [Double] = []
    for epoch in 0..<epochs {
      let (scores, safeSet) = made(epoch)
      let start = ContinuousClock.now
      try store.recordEpoch(
        EpochRow(
          number: epoch, stage: "mixed", steps: pairs / 512, seconds: 1, loss: 1,
          learningRate: 5e-4, logitScale: 20),
        of: run, scores: scores, safeSet: safeSet)
      seconds.append((ContinuousClock.now - start).inSeconds)
      if epoch == 0 {
        // Closing folds the write-ahead log, which is larger than what it brings, into the file.
        try store.close()
        bytes = try size(of: path)
        store = try ReportStore(path: path)
      }
    }
    try store.close()
    return (run, bytes, seconds.sorted()[seconds.count / 2])
  }

  /// Ends the run as a scan does.
  private func finish(_ path: String, _ run: Int64) throws {
    let store = try ReportStore(path: path)
    let (scores, safeSet) = made(epochs - 1)
    try store.finishRun(run, scores: scores, safeSet: safeSet)
    try store.close()
  }

  /// Scores that drift, and the safe set of the most similar pairs, a hundredth larger each epoch.
  private func made(_ epoch: Int) -> (PairScores, SafeSetBitmap) {
    let threshold = Float(0.7 - 0.008 * Double(min(epoch, 60)))
    var safeSet = SafeSetBitmap(pairCount: pairs)
    var similarities = [Float](repeating: 0, count: pairs)
    for pair in 0..<pairs {
      var own = SeededGenerator(seed: 1, 4, UInt64(pair))
      var drift = SeededGenerator(seed: 1, 5, UInt64(pair), UInt64(epoch))
      similarities[pair] = 0.95 * own.uniform() + 0.05 * drift.uniform()
      if similarities[pair] > threshold { safeSet.insert(pair) }
    }
    let posteriors = similarities.map { 1 / (1 + exp(-20 * (Double($0) - 0.3))) }
    return (
      PairScores(
        similarities: similarities, posteriors: posteriors, risks: posteriors.map { 1 - $0 }),
      safeSet
    )
  }

  /// Seconds of reading the history of pairs here and there, ascending.
  private func readSeconds(_ path: String, _ run: Int64) throws -> [Double] {
    let reader = try ReportReader(path: path)
    var random = SeededGenerator(seed: 1, 6)
    return try (0..<Self.readCount).map { _ in
      let ordinal = random.index(below: pairs)
      let start = ContinuousClock.now
      let history = try reader.read { try $0.safeSetHistory(of: run, ordinal: ordinal) }
      precondition(history.count == epochs, "\(history.count) of \(epochs) epochs")
      return (ContinuousClock.now - start).inSeconds
    }.sorted()
  }

  private static func pair(_ ordinal: Int) -> PairRecord {
    var random = SeededGenerator(seed: 1, 7, UInt64(ordinal))
    let shard = String(format: "%05d", ordinal / 10_000)
    let key = shard + String(format: "%04d", ordinal % 10_000)
    return PairRecord(
      key: key, caption: "a made-up caption of some words, number \(ordinal)",
      sourcePath: "\(shard).tar", sourceMember: "\(key).jpg",
      sourceOffset: Int64(ordinal % 10_000) * 30_720, sourceLength: 28_000, imageWidth: 640,
      imageHeight: 480,
      imageSHA256: (0..<32).map { _ in UInt8(truncatingIfNeeded: random.next()) })
  }

  private func size(of path: String) throws -> Double {
    let bytes = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int
    return Double(bytes ?? 0)
  }

  private func megabytes(_ bytes: Double) -> String { "\(text(bytes / 1e6, 1)) MB" }

  private func text(_ value: Double, _ digits: Int) -> String {
    String(format: "%.\(digits)f", value)
  }
}
