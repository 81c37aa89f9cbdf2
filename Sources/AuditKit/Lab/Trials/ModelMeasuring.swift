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
    var measures = retrieval(heldOut)
    let probes = try embedded(model, path: crawl.probes).labelledByCaption { classes[$0] }
    measures += attackSuccess(classifier.classify(probes.images, backend), probes)
    measures += successWithoutTrigger(heldOut, classifier, classes)
    measures += zeroShot(classifier, labelled, subject: "heldOut")
    return Result(measures: measures, classes: classes, labelled: labelled, probes: probes)
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

  /// How many of the probes a classifier takes for the attacker's class.
  func attackSuccess(
    _ predictions: [Int], _ probes: LabelledImages, subject: String = "probes"
  ) -> [MeasureRow] {
    let rate = AttackSuccess.rate(
      predictions: predictions, adversarialClasses: probes.labels,
      distinctImages: imagesUnderTriggers)
    return rate.map { [MeasureRow("attackSuccess", subject, $0)] } ?? []
  }

  /// How often the model takes the same held-out images for the attacker's class before they carry a trigger: what a
  /// success on the probes amounts to without any attack.
  private func successWithoutTrigger(
    _ heldOut: EmbeddedPairs, _ classifier: ZeroShotClassifier, _ classes: [String: Int]
  ) -> [MeasureRow] {
    let predictions = Dictionary(
      zip(heldOut.keys, classifier.classify(heldOut.images, backend)), uniquingKeysWith: { $1 })
    let known = crawl.untriggered.compactMap { probe -> (prediction: Int, wanted: Int)? in
      guard let prediction = predictions[probe.key], let wanted = classes[probe.className] else {
        return nil
      }
      return (prediction, wanted)
    }
    let rate = AttackSuccess.rate(
      predictions: known.map(\.prediction), adversarialClasses: known.map(\.wanted),
      distinctImages: imagesUnderTriggers)
    return rate.map { [MeasureRow("attackSuccessWithoutTrigger", "heldOut", $0)] } ?? []
  }
}
