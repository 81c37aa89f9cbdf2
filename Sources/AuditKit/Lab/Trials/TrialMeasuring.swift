import AuditEvaluation
import AuditKit
import AuditPixels
import AuditReport
import AuditRisk
import NeuralKit

/// Measures a trained trial: the model on what was held out and on the attack's probes, the ranking on what
/// was planted.
struct TrialMeasuring {
  let lab: LabConfiguration
  let trial: Trial
  let crawl: PlantedCrawl
  /// Keys of pairs that were dropped before the scan.
  let dropped: [String]
  let summary: ScanSummary
  let measuring: ModelMeasuring

  /// All measures of the trial.
  ///
  /// - Throws: What opening the model and reading crawl and report throw.
  func outcome() throws -> TrialOutcome {
    let reader = try ReportReader(path: summary.report)
    let ranking = try TrialRanking(
      reader, run: summary.run, crawl.truth, dropped: dropped)
    var measures = ranking.measures(seed: trial.seed)
    measures += try stageSeconds(reader)
    measures.append(
      MeasureRow(
        name: "alignment", subject: "crawl", value: summary.alignment.value,
        low: summary.alignment.low, high: summary.alignment.high))
    if trial.configuration.thumbnails.fit == .crop, let share = crawl.triggerShareInSquare {
      measures.append(
        MeasureRow(name: "shareInThumbnails", subject: "trigger", value: share))
    }
    measures += try modelMeasures()
    return TrialOutcome(
      pairs: summary.pairs, seconds: summary.seconds, measures: measures, planted: ranking.planted,
      safeSets: ranking.safeSets)
  }

  /// Training time of each stage, and of one epoch of it.
  private func stageSeconds(_ reader: ReportReader) throws -> [MeasureRow] {
    let epochs = try reader.read { try $0.epochs(of: summary.run) }
    var order: [String] = []
    var seconds: [String: [Double]] = [:]
    for epoch in epochs {
      if seconds[epoch.stage] == nil { order.append(epoch.stage) }
      seconds[epoch.stage, default: []].append(epoch.seconds)
    }
    return order.flatMap { stage in
      let own = seconds[stage] ?? []
      let sum = own.reduce(0, +)
      return [
        MeasureRow(name: "seconds", subject: stage, value: sum),
        MeasureRow(name: "secondsPerEpoch", subject: stage, value: sum / Double(own.count)),
      ]
    }
  }

  private func modelMeasures() throws -> [MeasureRow] {
    guard let folder = summary.model else { return [] }
    let model = try TrainedModel(contentsOf: folder)
    let result = try measuring.result(model)
    return try result.measures + crawlMeasures(model, result) + labelledMeasures(model)
  }

  /// Zero-shot accuracy and the linear probe on images that the user has labelled.
  private func labelledMeasures(_ model: TrainedModel) throws -> [MeasureRow] {
    guard let path = lab.labelledImages else { return [] }
    let folder = try ImageClassFolder(path: path, seed: trial.seed)
    let names = folder.classNames
    let classes = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
    let test = try measuring.embedded(model, reader: PairList(folder.test))
    let images = test.labelledByCaption { classes[$0] }
    let known = try measuring.embedded(model, reader: PairList(folder.training))
      .labelledByCaption { classes[$0] }
    let subject = "labelledImages"
    return measuring.zeroShot(measuring.classifier(of: names, test), images, subject: subject)
      + accuracy(of: probe(known, classCount: names.count), on: images, subject: subject)
  }

  /// A linear probe that learns from the embeddings of labelled images.
  private func probe(_ known: LabelledImages, classCount: Int) -> LinearProbe? {
    LinearProbe.fit(
      features: known.images, labels: known.labels, classCount: classCount, measuring.backend)
  }

  private func accuracy(
    of probe: LinearProbe?, on images: LabelledImages, subject: String
  ) -> [MeasureRow] {
    let accuracy = probe?.accuracy(
      features: images.images, labels: images.labels, measuring.backend)
    return accuracy.map { [MeasureRow("linearProbeAccuracy", subject, $0)] } ?? []
  }

  /// What needs the embeddings of the whole crawl: the linear probe, and other methods' detectors.
  private func crawlMeasures(
    _ model: TrainedModel, _ result: ModelMeasuring.Result
  ) throws -> [MeasureRow] {
    let (classes, backend) = (result.classes, measuring.backend)
    let pairs = try measuring.embedded(model, reader: crawl.reader)
    let known = pairs.labelled(atMost: lab.probePairs, seed: trial.seed) {
      crawl.classOfKey[$0].flatMap { classes[$0] }
    }
    let probe = probe(known, classCount: classes.count)
    var measures = accuracy(of: probe, on: result.labelled, subject: "heldOut")
    if let probe {
      // What is planted teaches the images' encoder alone: the probe's labels are true (the paper, section 5.3).
      measures += measuring.attackSuccess(result, of: "linearProbe") {
        probe.classify($0, backend)
      }
    }
    let planted = crawl.truth.byKey
    let embeddings = PairEmbeddings(
      images: pairs.images, captions: pairs.captions,
      classes: pairs.keys.map { key in
        let name = if let truth = planted[key] { truth.captionClass } else { crawl.classOfKey[key] }
        return name.flatMap { classes[$0] }
      })
    let truth = DetectionTruth(clusters: pairs.keys.map { planted[$0] }.clusters)
    for (name, detector) in Self.detectors(planted: planted.count) {
      measures += DetectionMeasures.rows(
        risks: detector.risks(embeddings, backend), truth, subject: name, seed: trial.seed)
    }
    return measures
  }

  /// The paper's other methods, over the embeddings of the model at hand.
  ///
  /// Deep k-NN gets twice as many neighbours as pairs were planted, as it asks for, though whoever uses it would not know.
  private static func detectors(planted: Int) -> [(String, any EmbeddingDetector)] {
    [
      ("spectralSignatures", SpectralSignatures()),
      ("activationClustering", ActivationClustering()),
      ("deepKNN", DeepKNN(k: min(max(DeepKNN().k, 2 * planted + 1), maximumNeighbours))),
      ("neighbourhoodAgreement", NeighbourhoodAgreement()),
      ("captionNeighbourhoodAgreement", NeighbourhoodAgreement(.byCaptions)),
      ("kDistance", KDistance()),
      ("simplifiedLOF", SimplifiedLOF()),
      ("dao", DAO()),
    ]
  }

  /// More would not fit into memory on a large crawl.
  private static let maximumNeighbours = 512
}
