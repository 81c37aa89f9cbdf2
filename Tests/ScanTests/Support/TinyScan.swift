import AuditDump
import AuditKit
import AuditReport
import AuditTraining
import Foundation

/// Scans of the small crawls in Fixtures that take seconds, in a folder that is gone with the value.
final class TinyScan: Sendable {
  let folder: String

  static let crawls = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Fixtures/crawls").path
  static let shapes = crawls + "/shapes"

  /// A ResNet of 32 pixels and a text tower of one block.
  private static let preset = """
    {"embed_dim": 32,
     "vision_cfg": {"layers": [1, 1, 1, 1], "width": 8, "head_width": 32, "image_size": 32},
     "text_cfg": {"context_length": 12, "vocab_size": 1024, "width": 32, "heads": 2, "layers": 1}}
    """

  init() throws {
    folder =
      FileManager.default.temporaryDirectory
      .appendingPathComponent("scan-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try Self.preset.write(toFile: file("tiny.json"), atomically: true, encoding: .utf8)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  func file(_ name: String) -> String { folder + "/" + name }

  /// A request for a scan of three epochs.
  func request(
    _ crawl: String = shapes, report: String = "audit.sqlite", set assignments: [String] = []
  ) throws -> ScanRequest {
    var document = ConfigurationDocument()
    for assignment in [
      "preset=\(file("tiny.json"))", "threads=2", "training.epochs=3", "training.warmUpEpochs=1",
      "training.batchSize=32", "training.learningRate=2e-3",
      // So that the last epoch's similarities are taken, whatever its alignment.
      "training.alignmentTolerance=1",
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
