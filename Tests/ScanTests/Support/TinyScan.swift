import AuditDump
import AuditKit
import AuditReport
import AuditTraining
import Foundation
import TestSupport

/// Scans of the small crawls in Fixtures that take seconds, in a folder that is gone with the value.
final class TinyScan: Sendable {
  let folder: TemporaryFolder

  static let shapes = Repository.crawl("shapes")

  init() throws {
    folder = try TemporaryFolder()
    try folder.write("tiny.json", TinyPreset.json)
  }

  func file(_ name: String) -> String { folder.file(name) }

  /// A request for a scan of three epochs.
  func request(
    _ crawl: String = shapes, report: String = "audit.sqlite", set assignments: [String] = []
  ) throws -> ScanRequest {
    var document = ConfigurationDocument()
    for assignment in [
      "preset=\(file("tiny.json"))", "threads=2", "training.epochs=3", "training.warmUpEpochs=1",
      "training.slowPasses=1",
      "training.batchSize=32", "training.learningRate=2e-3",
      // So that the last epoch's similarities are taken, whatever its alignment.
      "training.alignmentTolerance=1", "training.rewindsAfterSplit=false",
    ] + assignments {
      try document.set(assignment)
    }
    return ScanRequest(
      crawl: crawl, report: file(report), configuration: try document.decoded(),
      explicitSettings: document.explicitNames)
  }

  /// A request to apply a model.
  func modelRequest(
    _ model: String = "model", _ crawl: String = shapes, threads: Int = 2
  ) -> ModelRequest {
    var request = ModelRequest(
      model: file(model), crawl: crawl, workFolder: file("audit.sqlite.work"))
    request.threads = threads
    return request
  }

  /// A run's pairs in the crawl's order.
  func pairs(of run: Int64, report: String = "audit.sqlite") throws -> [ScoredPair] {
    try ReportReader(path: file(report)).read { snapshot in
      try snapshot.pairs(of: run, PairQuery(order: .ordinal, limit: 10_000)).pairs
    }
  }
}
