import AuditFiles
import AuditTraining
import NeuralKit
import Synchronization

/// Embeds a crawl by a trained model into a file that grows block by block, so that memory does not
/// grow with the crawl.
public struct CrawlEmbedding {
  /// Pairs that one core embeds at a time.
  private static let blockSize = Scorer.blockSize

  private let crawl: ModelledCrawl
  private let stop: StopSignal
  private let onEvent: (ScanEvent) -> Void

  /// Embeds on the calling thread, and blocks it.
  ///
  /// - Parameters:
  ///   - request: Model and crawl.
  ///   - output: The safetensors file: `images` and `captions`, both `[N, D]`, float32, rows of unit
  ///     length in the crawl's order. It appears when it is whole.
  ///   - keys: The file of the rows' keys, one a line; a backslash, and a line end inside a key, are
  ///     written as `\\`, `\n` and `\r`.
  ///   - stop: Asks to end before the end.
  ///   - onEvent: Told what is being done.
  /// - Returns: What was written.
  /// - Throws: `TrainingError.stopped` when `stop` was asked for; nothing is written then.
  public static func run(
    _ request: ModelRequest, output: String, keys: String, stop: StopSignal = StopSignal(),
    onEvent: @escaping (ScanEvent) -> Void = { _ in }
  ) throws -> EmbeddingSummary {
    let began = ContinuousClock.now
    let crawl = try ModelledCrawl(request, stop: stop, onEvent: onEvent)
    try CrawlEmbedding(crawl: crawl, stop: stop, onEvent: onEvent).write(to: output)
    try writeKeys(crawl.intake.pairs.map(\.key), to: keys)
    return EmbeddingSummary(
      model: request.model, crawl: request.crawl, pairs: crawl.intake.pairs.count,
      width: crawl.model.embeddingWidth, rejections: crawl.intake.rejections, output: output,
      keys: keys, seconds: (ContinuousClock.now - began).seconds)
  }

  private func write(to output: String) throws {
    onEvent(.phase(.embedding))
    let count = crawl.intake.pairs.count
    let layout = EmbeddingFile(count: count, width: crawl.model.embeddingWidth)
    do {
      var file = try AtomicFile(path: output)
      try layout.writeHeader(to: &file)
      try embedBlocks(layout, &file)
      try file.finish()
    } catch let error as FileError {
      throw ScanError(error)
    }
  }

  private func embedBlocks(_ layout: EmbeddingFile, _ file: inout AtomicFile) throws {
    let replicas = crawl.scorer.replicas
    let scorer = crawl.scorer
    let count = layout.count
    let blockCount = (count + Self.blockSize - 1) / Self.blockSize
    let began = ContinuousClock.now
    for first in stride(from: 0, to: blockCount, by: replicas.count) {
      if stop.isRequested { throw TrainingError.stopped(completedEpochs: 0) }
      let blocks = Mutex<[Int: (images: Tensor, captions: Tensor)]>([:])
      replicas.run { communicator in
        let start = (first + communicator.rank) * Self.blockSize
        guard start < count else { return }
        let pairs = Int32(start)..<Int32(min(count, start + Self.blockSize))
        let embeddings = scorer.embeddings(of: Array(pairs))
        blocks.withLock { $0[start] = embeddings }
      }
      for (start, block) in blocks.withLock({ $0 }).sorted(by: { $0.key < $1.key }) {
        try layout.write(block.images, captions: block.captions, at: start, to: &file)
      }
      let done = min(count, (first + replicas.count) * Self.blockSize)
      onEvent(
        .items(
          done: done, total: count,
          perSecond: Double(done) / max(1e-9, (ContinuousClock.now - began).seconds)))
    }
  }

  private static func writeKeys(_ keys: [String], to path: String) throws(ScanError) {
    do throws(FileError) {
      var file = try AtomicFile(path: path)
      for key in keys { try file.append(line(key).utf8) }
      try file.finish()
    } catch {
      throw ScanError(error)
    }
  }

  private static func line(_ key: String) -> String {
    guard key.utf8.contains(where: { $0 == 0x0A || $0 == 0x0D || $0 == 0x5C }) else {
      return key + "\n"
    }
    var line = ""
    for scalar in key.unicodeScalars {
      switch scalar {
      case "\\": line += "\\\\"
      case "\n": line += "\\n"
      case "\r": line += "\\r"
      default: line.unicodeScalars.append(scalar)
      }
    }
    return line + "\n"
  }
}
