import AuditDump
import AuditEncoders
import AuditFiles
import AuditPixels
import AuditReport
import AuditRisk
import AuditTraining
import AuditWords
import Foundation
import NeuralKit

extension Scan {
  /// Reads the crawl and builds the run's session; enters the run into the report.
  func makeSession(resuming earlier: RunRecord?) throws -> ScanSession {
    var (configuration, explicit) = try settings(resuming: earlier)
    let reader =
      try request.reader
      ?? Crawl.reader(
        for: request.crawl, format: request.format, configuration: configuration.crawl)
    let shape = try CLIPConfiguration(presetOrFile: configuration.preset)
    // Read after the crawl: what is wrong with its path is told before.
    let heldOutReader = try request.heldOut.map {
      try Crawl.reader(for: $0, configuration: configuration.crawl)
    }
    if !explicit.contains("thumbnails.edgePixels") {
      configuration.thumbnails.edgePixels = shape.vision.imageSize
    }
    if configuration.training.method != .safeclip {
      // Methods to compare with train as published.
      configuration.imageAugmentation.leaveOutPatterns(unlessIn: explicit)
    }
    let threads = replicaCount(configuration)
    let cache = try ThumbnailCache(
      folder: work.thumbnails, configuration: configuration.thumbnails)
    let intake = try CrawlIntake(
      reader: reader, files: ImageFiles(configuration.crawl), cache: cache, threads: threads,
      stop: stop, onEvent: onEvent)
    let heldOut = try heldOutReader.map { try self.heldOut($0, configuration, cache, threads) }
    let trusted = try trustedPairs(configuration, intake)
    let adapted = configuration.training.adapted(
      pairCount: intake.pairs.count, trustedCount: trusted?.members.memberCount,
      explicit: explicit)
    configuration.training = adapted.configuration
    // Wrong settings leave no run; a crawl that is too small leaves one that lists what was rejected.
    try configuration.training.validate(
      pairCount: max(intake.pairs.count, TrainingConfiguration.minimumPairs))
    let run = try enter(
      configuration, intake, reader.formatName, adapted.adaptations, threads, earlier)
    do {
      let isNew = try earlier.map { try !hasEpochs($0.id) } ?? true
      guard !intake.pairs.isEmpty else {
        throw ScanError.noPairs(crawl: request.crawl, rejected: intake.rejections.count)
      }
      try configuration.training.validate(pairCount: intake.pairs.count)
      if let sentence = trusted?.unknownNotice { try notice(sentence, .warning, run) }
      var session = try session(
        run, configuration, shape, intake, trusted?.members, cache, threads, isNew: isNew)
      let views = session.trainer.views
      session.heldOut = heldOut.map {
        views.replacing(thumbnails: $0.views(in: cache), captions: $0.captions)
      }
      return session
    } catch {
      try? store.failRun(run, error: "\(error)")
      throw error
    }
  }

  /// All that training needs, from the crawl that was read.
  private func session(
    _ run: Int64, _ configuration: ScanConfiguration, _ shape: CLIPConfiguration,
    _ intake: CrawlIntake, _ trusted: BitSet?, _ cache: ThumbnailCache, _ threads: Int,
    isNew: Bool
  ) throws -> ScanSession {
    onEvent(.phase(.vocabulary))
    try store.updateRun(run, phase: ScanPhase.vocabulary.rawValue)
    let tokenizer = try tokenizer(configuration.tokenizer, intake)
    var shape = shape
    shape.text.vocabularySize = tokenizer.vocabularySize
    let model = try CLIPModel(shape)
    let views = ViewSource(
      thumbnails: intake.views(in: cache), captions: intake.captions, tokenizer: tokenizer,
      contextLength: shape.text.contextLength, imageSize: shape.vision.imageSize,
      imageAugmentation: ImageAugmentation(
        configuration.imageAugmentation, edge: shape.vision.imageSize),
      textAugmentation: try textAugmentation(configuration, run), seed: configuration.seed)
    let fingerprint = try fingerprint(configuration, intake, trusted, threads)
    let session = ScanSession(
      run: run, configuration: configuration, records: intake.records,
      rejected: intake.rejectionCounts, tokenizer: tokenizer,
      trainer: Trainer(
        configuration: configuration.training, model: model, views: views,
        replicas: ReplicaGroup(count: threads), backend: CPUBackend(), seed: configuration.seed,
        trusted: trusted),
      folder: try work.run(run, fingerprint: fingerprint, isNew: isNew), fingerprint: fingerprint)
    if !isNew, !session.checkpoint.exists {
      try notice(
        """
        run \(run) has epochs, but no checkpoint that fits it is in \(work.path): training begins again; if another work \
        folder has one, stop, and name that one (--work-folder)
        """, .warning, run)
    }
    return session
  }

  private func replicaCount(_ configuration: ScanConfiguration) -> Int {
    configuration.threads > 0
      ? configuration.threads : ProcessInfo.processInfo.activeProcessorCount
  }

  /// Tells the user, and keeps it in the report.
  func notice(_ message: String, _ kind: NoticeRow.Kind, _ run: Int64) throws {
    onEvent(.notice(message))
    try store.addNotice(message, kind: kind, to: run)
  }

  private func tokenizer(
    _ configuration: TokenizerConfiguration, _ intake: CrawlIntake
  ) throws -> BytePairTokenizer {
    if let path = configuration.mergesPath { return try BytePairTokenizer(clipMerges: path) }
    var trainer = BytePairTrainer(splitting: configuration.wordSplitting)
    for pair in intake.pairs { trainer.add(pair.caption) }
    return try trainer.train(
      vocabularySize: configuration.vocabularySize,
      minimumPairCount: configuration.minimumPairCount)
  }

  private func textAugmentation(
    _ configuration: ScanConfiguration, _ run: Int64
  ) throws -> TextAugmentation {
    var warning: String?
    let wordNet = WordNet.installed(folder: configuration.textAugmentation.wordNetFolder) {
      warning = $0
    }
    if let warning { try notice(warning, .fallback, run) }
    return TextAugmentation(configuration.textAugmentation, wordNet: wordNet)
  }

  /// The pairs that are known to be clean; nil where none are, or the crawl is empty.
  private func trustedPairs(
    _ configuration: ScanConfiguration, _ intake: CrawlIntake
  ) throws(ScanError) -> TrustedPairs? {
    guard let path = configuration.trusted, !intake.pairs.isEmpty else { return nil }
    return try TrustedPairs(contentsOf: path, keys: intake.pairs.map(\.key))
  }

  /// Configuration, threads, trusted pairs and crawl in one digest, which checkpoints hold.
  private func fingerprint(
    _ configuration: ScanConfiguration, _ intake: CrawlIntake, _ trusted: BitSet?, _ threads: Int
  ) throws -> String {
    var stored = configuration
    stored.threads = threads
    var head = ([try ConfigurationDocument(stored).text()] + (trusted?.words.map { "\($0)" } ?? []))
      .makeIterator()
    var pairs = zip(intake.pairs, intake.thumbnails).makeIterator()
    // One by one: of ten million pairs these texts are gigabytes.
    let texts = AnyIterator<String> {
      head.next()
        ?? pairs.next().map { pair, thumbnail in
          "\(pair.key)\u{0}\(pair.caption)\u{0}\(thumbnail.digest.hexadecimal)"
        }
    }
    return ContentDigest(of: texts).hexadecimal
  }
}
