import AuditReport
import Foundation
import TestSupport

/// An open report in a folder of its own.
struct ReportFixture {
  let folder: TemporaryFolder
  let path: String
  let store: ReportStore

  init() throws {
    folder = try TemporaryFolder()
    path = folder.file("audit.sqlite")
    store = try ReportStore(path: path)
  }

  /// Begins a run with pairs.
  func run(pairs count: Int, crawl: String = "crawl") throws -> Int64 {
    let run = try store.beginRun(.make(crawl: crawl))
    try store.replacePairs(of: run, with: [PairRecord].make(count))
    return run
  }

  func read<Value>(_ body: (ReportSnapshot) throws -> Value) throws -> Value {
    try store.reader.read(body)
  }
}

extension NewRun {
  static func make(crawl: String = "crawl", seed: UInt64 = 7) -> NewRun {
    NewRun(
      crawlPath: crawl, crawlFormat: "webdataset", method: "safeclip", preset: "compact",
      configuration: #"{"epochs":3}"#, seed: seed, threads: 2, versions: ["audit": "1.0"],
      host: ["cpu": "a / b"])
  }
}

extension [PairRecord] {
  static func make(_ count: Int, caption: String = "caption") -> [PairRecord] {
    (0..<count).map { index in
      PairRecord(
        key: "key\(index)", caption: "\(caption) \(index)", sourcePath: "00000.tar",
        sourceMember: "\(index).jpg", sourceOffset: Int64(index) * 512, sourceLength: 100,
        imageWidth: 64 + index % 3, imageHeight: 48,
        imageSHA256: [UInt8](repeating: UInt8(truncatingIfNeeded: index), count: 32))
    }
  }
}

extension EpochRow {
  static func make(_ number: Int, stage: String = "mixed", loss: Double = 2) -> EpochRow {
    EpochRow(
      number: number, stage: stage, steps: 10, seconds: 1.5, loss: loss, learningRate: 5e-4,
      logitScale: 14.3, alignment: 0.8)
  }
}

extension PairScores {
  /// Distinct similarities in an order that is neither the crawl's nor its reverse.
  static func make(_ count: Int, multiplier: Int = 7) -> PairScores {
    let places = (0..<count).map { ($0 * multiplier + 3) % Swift.max(1, count) }
    let similarities = places.map { Float($0) / Float(Swift.max(1, count)) - 0.25 }
    let posteriors = places.map { Double($0) / Double(Swift.max(1, count)) }
    return PairScores(
      similarities: similarities, posteriors: posteriors, risks: posteriors.map { 1 - $0 })
  }
}
