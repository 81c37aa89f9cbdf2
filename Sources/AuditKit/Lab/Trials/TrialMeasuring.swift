import AuditEvaluation
import AuditKit
import AuditReport
import AuditRisk
import NeuralKit

/// Measures a trained trial: the model on what was held out and on the attack's probes, the ranking on what
/// was planted.
struct TrialMeasuring {
  let lab: LabConfiguration
  let trial: Trial
  let crawl: PlantedCrawl
  let summary: ScanSummary
  let thumbnails: String
  let stop: StopSignal
  let backend: any Backend = CPUBackend()

  /// All measures of the trial.
  ///
  /// - Throws: What opening the model and reading crawl and report throw.
  func outcome() throws -> TrialOutcome {
    let reader = try ReportReader(path: summary.report)
    let ranking = try TrialRanking(reader, run: summary.run, crawl.truth)
    var measures = ranking.measures(seed: trial.seed)
    measures += try stageSeconds(reader)
    measures.append(
      MeasureRow(
        name: "alignment", subject: "crawl", value: summary.alignment.value,
        low: summary.alignment.low, high: summary.alignment.high))
    measures += try modelMeasures()
    return TrialOutcome(
      pairs: summary.pairs, seconds: summary.seconds, measures: measures, planted: ranking.planted)
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
    guard let model = summary.model else { return [] }
    let heldOut = try EmbeddedPairs(request(model, crawl.heldOut), stop)
    var measures = retrieval(heldOut)
    let names = classNames
    guard names.count > 1 else { return measures }
    let classes = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
    let classifier = zeroShot(names, heldOut.crawl)
    measures += try attackSuccess(model, classifier, classes)
    let labelled = heldOut.labelled { crawl.classOfKey[$0].flatMap { classes[$0] } }
    if let accuracy = Accuracy.estimate(
      predictions: classifier.classify(labelled.images, backend), labels: labelled.labels)
    {
      measures.append(MeasureRow("zeroShotAccuracy", "heldOut", accuracy))
    }
    return measures + (try crawlMeasures(model, classes, labelled))
  }

  /// Classes to tell apart: those of the crawl, and those that the attack chose by name.
  private var classNames: [String] {
    Set(crawl.classNames).union(crawl.truth.map(\.className)).sorted()
  }

  private func request(_ model: String, _ path: String) -> ModelRequest {
    var request = ModelRequest(model: model, crawl: path, workFolder: thumbnails)
    request.seed = trial.seed
    return request
  }

  private func retrieval(_ heldOut: EmbeddedPairs) -> [MeasureRow] {
    [1, 5, 10].map { k in
      MeasureRow(
        name: "recallAt\(k)", subject: "heldOut",
        value: Retrieval.recall(
          images: heldOut.images, captions: heldOut.captions, k: k, backend))
    }
  }

  private func zeroShot(_ names: [String], _ model: ModelledCrawl) -> ZeroShotClassifier {
    let prompts = names.flatMap { name in lab.templates.map { $0.replacing("{}", with: name) } }
    return ZeroShotClassifier(
      prompts: model.embeddings(captions: prompts), templates: lab.templates.count, backend)
  }

  private func attackSuccess(
    _ model: String, _ classifier: ZeroShotClassifier, _ classes: [String: Int]
  ) throws -> [MeasureRow] {
    let probes = try EmbeddedPairs(request(model, crawl.probes), stop)
    let wanted = probes.labelledByCaption { classes[$0] }
    let rate = AttackSuccess.rate(
      predictions: classifier.classify(wanted.images, backend), adversarialClasses: wanted.labels)
    return rate.map { [MeasureRow("attackSuccess", "probes", $0)] } ?? []
  }

  /// What needs the embeddings of the whole crawl: the linear probe, and other methods' detectors.
  private func crawlMeasures(
    _ model: String, _ classes: [String: Int], _ heldOut: LabelledImages
  ) throws -> [MeasureRow] {
    var request = request(model, lab.crawl)
    request.reader = crawl.reader
    let pairs = try EmbeddedPairs(request, stop)
    var measures: [MeasureRow] = []
    let known = pairs.labelled(atMost: lab.probePairs) {
      crawl.classOfKey[$0].flatMap { classes[$0] }
    }
    let probe = LinearProbe.fit(
      features: known.images, labels: known.labels, classCount: classes.count,
      backend)
    if let accuracy = probe?.accuracy(
      features: heldOut.images, labels: heldOut.labels, backend)
    {
      measures.append(MeasureRow("linearProbeAccuracy", "heldOut", accuracy))
    }
    let planted = Dictionary(
      crawl.truth.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
    let embeddings = PairEmbeddings(
      images: pairs.images, captions: pairs.captions,
      classes: pairs.keys.map { key in
        (planted[key]?.className ?? crawl.classOfKey[key]).flatMap { classes[$0] }
      })
    let truth = DetectionTruth(clusters: pairs.keys.map { planted[$0] }.clusters)
    for (name, detector) in Self.detectors {
      measures += DetectionMeasures.rows(
        risks: detector.risks(embeddings, backend), truth, subject: name, seed: trial.seed)
    }
    return measures
  }

  /// The paper's other methods, over the embeddings of the model at hand.
  private static let detectors: [(String, any EmbeddingDetector)] = [
    ("spectralSignatures", SpectralSignatures()),
    ("activationClustering", ActivationClustering()),
    ("deepKNN", DeepKNN()),
    ("neighbourhoodAgreement", NeighbourhoodAgreement()),
    ("kDistance", KDistance()),
    ("simplifiedLOF", SimplifiedLOF()),
    ("dao", DAO()),
  ]
}
