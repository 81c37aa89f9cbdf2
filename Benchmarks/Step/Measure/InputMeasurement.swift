import AuditEncoders
import AuditFiles
import AuditPixels
import AuditTraining
import AuditWords
import Foundation
import NeuralKit

/// Measures what the views of a batch cost, augmented and plain, beside the compact step.
struct InputMeasurement {
  let threads: Int
  let seconds: Double

  private static let pairCount = 512
  /// The share of the step that input may cost at most.
  static let largestShare = 0.1

  /// The report; the thumbnails live in a temporary folder meanwhile.
  ///
  /// - Throws: What building the cache or the tokenizer throws.
  func report() throws -> InputReport {
    let workload = Workload(.compact)
    let replicas = ReplicaGroup(count: threads)
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("audit-benchmark-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let configuration = workload.preset.configuration
    let wordNet = WordNet.installed(warn: { Console.warn($0) })
    let source = try views(
      configuration, cacheFolder: folder.path, wordNet: wordNet)
    let use = CoreUse()
    let rig = try StepRig(
      configuration, batchSize: workload.batchSize, replicas: replicas)
    var steps = 0
    let step = Timing(duration: seconds, minimumCount: 3) {
      steps += 1
      rig.step(steps)
    }
    var epoch = 0
    let augmented = Timing(duration: seconds / 2, minimumCount: 3) {
      epoch += 1
      make(source, .augmented(epoch: epoch, number: 0), workload.batchSize, replicas)
    }
    let plain = Timing(duration: seconds / 2, minimumCount: 3) {
      make(source, .plain, workload.batchSize, replicas)
    }
    return InputReport(
      batchSize: workload.batchSize, threads: threads, hasSynonyms: wordNet != nil,
      augmentedSeconds: augmented.median, plainSeconds: plain.median,
      secondsPerStep: step.median, othersShare: CoreUse().othersShare(since: use),
      shareOfStep: augmented.median / step.median, largestShare: Self.largestShare)
  }

  /// Every replica makes its part of a batch, as in a training step.
  private func make(
    _ source: ViewSource, _ kind: ViewKind, _ batchSize: Int, _ replicas: ReplicaGroup
  ) {
    replicas.run { communicator in
      let part =
        batchSize * communicator.rank / communicator.count..<batchSize
        * (communicator.rank + 1) / communicator.count
      _ = source.view(of: part.map { Int32($0 % Self.pairCount) }, kind)
    }
  }

  private func views(
    _ configuration: CLIPConfiguration, cacheFolder: String, wordNet: WordNet?
  ) throws -> ViewSource {
    let captions = (0..<Self.pairCount).map(Self.caption)
    var trainer = BytePairTrainer()
    for caption in captions { trainer.add(caption) }
    let tokenizer = try trainer.train(vocabularySize: configuration.text.vocabularySize)
    let edge = configuration.vision.imageSize
    return ViewSource(
      thumbnails: try thumbnails(folder: cacheFolder, edge: edge), captions: captions,
      tokenizer: tokenizer, contextLength: configuration.text.contextLength, imageSize: edge,
      imageAugmentation: ImageAugmentation(.init(), edge: edge),
      textAugmentation: TextAugmentation(.init(), wordNet: wordNet), seed: 1)
  }

  private func thumbnails(folder: String, edge: Int) throws -> ThumbnailViews {
    let cache = try ThumbnailCache(
      folder: folder, configuration: ThumbnailConfiguration(edgePixels: edge))
    let indices = try (0..<Self.pairCount).map { pair in
      var random = SeededGenerator(seed: 1, 2, UInt64(pair))
      let pixels = (0..<edge * edge * 3).map { _ in
        UInt8(truncatingIfNeeded: random.next())
      }
      let thumbnail = try cache.append(
        Bitmap(width: edge, height: edge, pixels: pixels), of: ContentDigest(of: pixels),
        originalWidth: edge, originalHeight: edge)
      return Int32(thumbnail.index)
    }
    return ThumbnailViews(cache: cache, indices: indices)
  }

  /// Four to twelve everyday words, which WordNet knows.
  private static func caption(_ pair: Int) -> String {
    var random = SeededGenerator(seed: 1, 3, UInt64(pair))
    let count = 4 + random.index(below: 9)
    return (0..<count).map { _ in words[random.index(below: words.count)] }
      .joined(separator: " ")
  }

  private static let words = """
    a the small large old new red blue green white black dark bright happy quiet young dog cat \
    horse bird fish flower tree house church bridge river mountain lake sea beach street car \
    train boat bicycle man woman child girl boy people standing sitting running playing eating \
    holding near under behind with and in on of photo picture drawing sign table chair window \
    door wall field grass snow sky cloud sun moon star night morning summer winter food bread \
    apple cake cup bottle book letter phone computer clock guitar ball shirt hat shoe bag
    """.split(separator: " ").map(String.init)
}
