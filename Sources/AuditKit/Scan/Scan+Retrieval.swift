import AuditDump
import AuditEvaluation
import AuditPixels
import AuditReport
import AuditTraining
import NeuralKit

extension Scan {
  /// Reads the held-out pairs.
  ///
  /// They are used when all is trained, and read before: what is wrong with them is told then.
  ///
  /// - Throws: ``ScanError/unusableHeldOut(path:rejected:)`` where there is no usable pair.
  func heldOut(
    _ reader: any CrawlReader, _ configuration: ScanConfiguration, _ cache: ThumbnailCache,
    _ threads: Int
  ) throws -> CrawlIntake {
    let intake = try CrawlIntake(
      reader: reader, files: ImageFiles(configuration.crawl), cache: cache, threads: threads,
      stop: stop, onEvent: { _ in })
    guard !intake.pairs.isEmpty else {
      throw ScanError.unusableHeldOut(
        path: request.heldOut ?? "", rejected: intake.rejections.count)
    }
    return intake
  }

  /// Recall@10 on the held-out pairs, where there are any.
  func retrieval(_ session: ScanSession, _ state: TrainingState) throws -> [MeasureRow] {
    guard let views = session.heldOut else { return [] }
    let trainer = session.trainer
    let scorer = Scorer(
      model: trainer.model, weights: state.weights, views: views, replicas: trainer.replicas,
      backend: trainer.backend, seed: trainer.seed)
    let pairs = Array(0..<Int32(views.pairCount))
    guard let embeddings = scorer.embeddings(of: pairs, stop: { stop.isRequested }) else {
      throw ScanStopped()
    }
    let retrieval = Retrieval(
      images: embeddings.images, captions: embeddings.captions, trainer.backend)
    return retrieval.recall(k: 10).map { [MeasureRow(Retrieval.measureName(k: 10), "heldOut", $0)] }
      ?? []
  }
}
