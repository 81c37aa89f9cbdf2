import AuditKit
import AuditLab
import TestSupport

/// A lab on the small crawl in Fixtures with a model that trains in seconds.
final class TinyLab {
  let folder: TemporaryFolder
  var lab = LabConfiguration()

  init(seeds: Int = 1) throws {
    folder = try TemporaryFolder()
    try folder.write("tiny.json", TinyPreset.json)
    lab.crawl = Repository.crawl("shapes")
    lab.words = ["red", "blue", "green", "yellow"]
    lab.attacks[0].count = 8
    lab.attacks[0].captionsPerTarget = 4
    lab.attacks[0].heldOut = 40
    lab.attacks[0].className = "red"
    lab.seeds = seeds
    lab.settings = [
      "preset": .text(folder.file("tiny.json")), "threads": .whole(2),
      "training.epochs": .whole(5), "training.warmUpEpochs": .whole(1),
      "training.slowPasses": .whole(3), "training.batchSize": .whole(16),
      "training.slowLearningRate": .number(2e-3), "training.learningRate": .number(2e-3),
      "training.statisticsBatches": .whole(12),
    ]
  }

  var database: String { folder.file("lab.sqlite") }

  func run(
    stop: StopSignal = StopSignal(), onEvent: @escaping (ScanEvent) -> Void = { _ in }
  ) throws -> LabRun.Summary {
    try LabRun.run(lab, database: database, stop: stop, onEvent: onEvent)
  }
}
