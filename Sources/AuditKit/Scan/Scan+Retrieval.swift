import AuditDump
import AuditEvaluation
import AuditPixels
import AuditReport
import AuditTraining
import NeuralKit

extension Scan {
  /// Recall@10 on the held-out pairs, where the request names any.
  func retrieval(_ session: ScanSession, _ state: TrainingState) throws -> [MeasureRow] {
    guard let heldOut = request.heldOut else { return [] }
    let trainer = session.trainer
    let cache = try ThumbnailCache(
      folder: work.thumbnails, configuration: session.configuration.thumbnails)
    let intake = try CrawlIntake(
      reader: try Crawl.reader(for: heldOut, configuration: session.configuration.crawl),
      files: ImageFiles(session.configuration.crawl), cache: cache,
      threads: trainer.replicas.count, stop: stop, onEvent: { _ in })
    guard !intake.pairs.isEmpty else { return [] }
    let views = trainer.views.replacing(
      thumbnails: ThumbnailViews(cache: cache, indices: intake.thumbnails.map { Int32($0.index) }),
      captions: intake.pairs.map(\.caption))
    let scorer = Scorer(
      model: trainer.model, weights: state.weights, views: views, replicas: trainer.replicas,
      backend: trainer.backend, seed: trainer.seed)
    let pairs = Array(0..<Int32(intake.pairs.count))
    guard let embeddings = scorer.embeddings(of: pairs, stop: { stop.isRequested }) else {
      throw ScanStopped()
    }
    let retrieval = Retrieval(
      images: embeddings.images, captions: embeddings.captions, trainer.backend)
    return retrieval.recall(k: 10).map { [MeasureRow(Retrieval.measureName(k: 10), "heldOut", $0)] }
      ?? []
  }
}
