import AuditDump
import AuditEvaluation
import AuditKit
import AuditReport
import AuditTraining
import NeuralKit

/// Measures a model on what was held out and on the attack's probes.
struct ModelMeasuring: Sendable {
  let crawl: PlantedCrawl
  /// Prompts with `{}` where the class goes.
  let templates: [String]
  let seed: UInt64
  let threads: Int
  /// Where thumbnails are kept.
  let workFolder: String
  let stop: StopSignal
  let backend: any Backend = CPUBackend()

  /// A model's measures, and what further ones are made of.
  struct Result {
    var measures: [MeasureRow]
    /// Numbers of the classes.
    let classes: [String: Int]
    /// The pairs that were held out.
    let heldOut: EmbeddedPairs
    /// Held-out images whose caption names exactly one class.
    let labelled: LabelledImages
    /// The attack's probes with the attacker's classes.
    let probes: LabelledImages
  }

  /// Attack success, zero-shot accuracy and retrieval.
  ///
  /// - Throws: What reading and embedding throw.
  func result(_ model: TrainedModel) throws -> Result {
    let heldOut = try embedded(model, reader: crawl.heldOut)
    let names = crawl.classNames
    let classes = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
    let labelled = heldOut.labelled { crawl.classOfKey[$0].flatMap { classes[$0] } }
    let classifier = classifier(of: names, heldOut)
    let probes = try embedded(model, path: crawl.probes).labelledByCaption { classes[$0] }
    var result = Result(
      measures: retrieval(heldOut), classes: classes, heldOut: heldOut, labelled: labelled,
      probes: probes)
    result.measures += attackSuccess(result) { classifier.classify($0, backend) }
    result.measures += zeroShot(classifier, labelled, subject: "heldOut")
    return result
  }

  /// Tells these classes apart by the prompts' embeddings.
  func classifier(of names: [String], _ pairs: EmbeddedPairs) -> ZeroShotClassifier {
    let prompts = names.flatMap { name in templates.map { $0.replacing("{}", with: name) } }
    return ZeroShotClassifier(
      prompts: pairs.crawl.embeddings(captions: prompts), templates: templates.count, backend)
  }

  /// How many of the images are taken for their classes.
  func zeroShot(
    _ classifier: ZeroShotClassifier, _ images: LabelledImages, subject: String
  ) -> [MeasureRow] {
    let accuracy = Accuracy.estimate(
      predictions: classifier.classify(images.images, backend), labels: images.labels)
    return accuracy.map { [MeasureRow("zeroShotAccuracy", subject, $0)] } ?? []
  }

  /// A crawl by the model: what `reader` reads, or what lies at `path`.
  func embedded(
    _ model: TrainedModel, reader: (any CrawlReader)? = nil, path: String = ""
  ) throws -> EmbeddedPairs {
    var request = ModelRequest(model: model.folder, crawl: path, workFolder: workFolder)
    request.loaded = model
    request.reader = reader
    request.seed = seed
    request.threads = threads
    return try EmbeddedPairs(request, stop)
  }

  /// The similarities of all pairs of the crawl after the last epoch of a stage.
  func similarities(_ model: TrainedModel, after epoch: EpochRecord) throws -> StageSimilarities {
    StageSimilarities(
      epoch: epoch.epoch, stage: epoch.stage.rawValue,
      of: try embedded(model, reader: crawl.reader), planted: Set(crawl.truth.map(\.key)), backend)
  }

  private func retrieval(_ heldOut: EmbeddedPairs) -> [MeasureRow] {
    let retrieval = Retrieval(images: heldOut.images, captions: heldOut.captions, backend)
    return [1, 5, 10].compactMap { k in
      retrieval.recall(k: k).map { MeasureRow(Retrieval.measureName(k: k), "heldOut", $0) }
    }
  }

  /// How many images the probes with triggers show; nil where no probe carries one.
  private var imagesUnderTriggers: Int? {
    crawl.untriggered.isEmpty ? nil : Set(crawl.untriggered.map(\.key)).count
  }

  /// How many of the attack's probes `classify` takes for the attacker's class, and how many of the same held-out images
  /// before they carry a trigger: what the former amounts to without any attack.
  ///
  /// `probe` names the classifier where it is not the model's own by prompts.
  func attackSuccess(
    _ result: Result, of probe: String? = nil, by classify: (Tensor) -> [Int]
  ) -> [MeasureRow] {
    let success = AttackSuccess.rate(
      predictions: classify(result.probes.images), adversarialClasses: result.probes.labels,
      distinctImages: imagesUnderTriggers)
    let predictions = Dictionary(
      zip(result.heldOut.keys, classify(result.heldOut.images)), uniquingKeysWith: { $1 })
    let known = crawl.untriggered.compactMap { image -> (prediction: Int, wanted: Int)? in
      guard let prediction = predictions[image.key], let wanted = result.classes[image.className]
      else { return nil }
      return (prediction, wanted)
    }
    let without = AttackSuccess.rate(
      predictions: known.map(\.prediction), adversarialClasses: known.map(\.wanted),
      distinctImages: imagesUnderTriggers)
    return [
      success.map { MeasureRow("attackSuccess", probe ?? "probes", $0) },
      without.map { MeasureRow("attackSuccessWithoutTrigger", probe ?? "heldOut", $0) },
    ].compactMap(\.self)
  }
}
