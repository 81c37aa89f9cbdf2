import AuditFiles
import AuditReport
import AuditTraining
import NeuralKit

/// Embeds a crawl by a trained model into a file that grows block by block, so that memory does not
/// grow with the crawl.
public struct CrawlEmbedding {
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
    let began = ContinuousClock.now
    let isWhole = try crawl.scorer.embedBlocks(crawl.pairs, stop: { stop.isRequested }) {
      start, images, captions in
      try layout.write(images, captions: captions, at: start, to: &file)
      let done = start + images.rowCount
      onEvent(
        .items(
          done: done, total: layout.count,
          perSecond: Double(done) / max(1e-9, (ContinuousClock.now - began).seconds)))
    }
    guard isWhole else { throw TrainingError.stopped(completedEpochs: 0) }
  }

  private static func writeKeys(_ keys: [String], to path: String) throws(ScanError) {
    do throws(FileError) {
      var file = try AtomicFile(path: path)
      for key in keys { try file.append(KeyLine.text(key).utf8) }
      try file.finish()
    } catch {
      throw ScanError(error)
    }
  }
}
