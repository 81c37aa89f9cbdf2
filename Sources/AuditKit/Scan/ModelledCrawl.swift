import AuditDump
import AuditEncoders
import AuditPixels
import AuditTraining
import AuditWords
import NeuralKit

/// A crawl that was read for a trained model, which can score and embed it.
package struct ModelledCrawl: Sendable {
  package let model: TrainedModel
  let formatName: String
  let intake: CrawlIntake
  let scorer: Scorer

  /// Opens the model, reads the crawl and makes the thumbnails that are missing.
  ///
  /// - Throws: What opening and reading throw, ``ScanError/noPairs(crawl:rejected:)``, and
  ///   `TrainingError.stopped`.
  package init(
    _ request: ModelRequest, stop: StopSignal = StopSignal(),
    onEvent: (ScanEvent) -> Void = { _ in }
  ) throws {
    model =
      try request.loaded
      ?? TrainedModel(contentsOf: request.model, mergesPath: request.mergesPath)
    let reader =
      try request.reader
      ?? Crawl.reader(
        for: request.crawl, format: request.format, configuration: request.crawlConfiguration)
    formatName = reader.formatName
    let cache = try ThumbnailCache(
      folder: try WorkFolder(path: request.workFolder).thumbnails, configuration: model.thumbnails)
    do {
      intake = try CrawlIntake(
        reader: reader, files: ImageFiles(request.crawlConfiguration), cache: cache,
        threads: request.threadCount, stop: stop, onEvent: onEvent)
    } catch is ScanStopped {
      throw TrainingError.stopped(completedEpochs: 0)
    }
    if let sentence = intake.rejectionNotice { onEvent(.notice(sentence)) }
    guard !intake.pairs.isEmpty else {
      throw ScanError.noPairs(crawl: request.crawl, rejected: intake.rejections.count)
    }
    let shape = model.model.configuration
    let views = ViewSource(
      thumbnails: intake.views(in: cache), captions: intake.captions, tokenizer: model.tokenizer,
      contextLength: shape.text.contextLength, imageSize: shape.vision.imageSize,
      imageAugmentation: ImageAugmentation(
        .identity, edge: shape.vision.imageSize, normalization: model.normalization),
      textAugmentation: TextAugmentation(wordNet: nil), seed: request.seed)
    scorer = Scorer(
      model: model.model, weights: model.weights, views: views,
      replicas: ReplicaGroup(count: request.threadCount), backend: CPUBackend(), seed: request.seed)
  }

  /// All pairs in the crawl's order.
  var pairs: [Int32] { Array(0..<Int32(intake.pairs.count)) }

  /// Keys and captions of the pairs, in the order of their embeddings.
  package var texts: [(key: String, caption: String)] { intake.pairs.map { ($0.key, $0.caption) } }

  /// Unit embeddings of all pairs, both `[N, D]`.
  ///
  /// - Throws: `TrainingError.stopped`.
  package func embeddings(
    stop: StopSignal = StopSignal()
  ) throws -> (images: Tensor, captions: Tensor) {
    guard let embeddings = scorer.embeddings(of: pairs, stop: { stop.isRequested })
    else { throw TrainingError.stopped(completedEpochs: 0) }
    return embeddings
  }

  /// Unit embeddings `[N, D]` of captions that belong to no image, at least one.
  package func embeddings(captions: [String]) -> Tensor {
    let views = scorer.views.replacing(thumbnails: scorer.views.thumbnails, captions: captions)
    return Scorer(
      model: scorer.model, weights: scorer.weights, views: views, replicas: scorer.replicas,
      backend: scorer.backend, seed: scorer.seed
    ).captionEmbeddings(of: (0..<Int32(captions.count)).map { $0 })
  }
}
