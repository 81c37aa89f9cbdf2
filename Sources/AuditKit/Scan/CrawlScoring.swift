import AuditReport
import AuditRisk
import AuditTraining
import Foundation

/// Scores a crawl by a trained model and enters what was found into a report, without training.
///
/// The run's method is `score`; its pairs, estimates and exports are those of a scan.
public struct CrawlScoring {
  /// The run's method in the report.
  public static let method = "score"

  private let request: ModelRequest
  private let report: String
  private let onEvent: (ScanEvent) -> Void

  /// Scores on the calling thread, and blocks it.
  ///
  /// The report stays as it was until all pairs are scored. Throws `TrainingError.stopped` when `stop`
  /// was asked for before.
  public static func run(
    _ request: ModelRequest, report: String, stop: StopSignal = StopSignal(),
    onEvent: @escaping (ScanEvent) -> Void = { _ in }
  ) throws -> ScanSummary {
    // Before the work, since a file that is no report is found only by opening it.
    return try ReportLock.held(for: report) {
      let store = try ReportStore(path: report)
      defer { try? store.close() }
      return try CrawlScoring(request: request, report: report, onEvent: onEvent).run(store, stop)
    }
  }

  /// What a crawl's similarities lead to.
  private struct Result {
    let findings: Findings
    let decision: SafeSetDecision
    let alignment: IntervalEstimate
  }

  private func run(_ store: ReportStore, _ stop: StopSignal) throws -> ScanSummary {
    let began = ContinuousClock.now
    let crawl = try ModelledCrawl(request, stop: stop, onEvent: onEvent)
    let count = crawl.intake.pairs.count
    guard count >= TrainingConfiguration.minimumPairs else {
      throw ScanError.tooFewToScore(count: count, minimum: TrainingConfiguration.minimumPairs)
    }
    let training = request.training.adaptedScoring(
      pairCount: count, explicit: request.explicitSettings)
    let result = try score(crawl, training, stop)
    onEvent(.phase(.writing))
    let run = try store.beginRun(try newRun(crawl, training), phase: ScanPhase.writing.rawValue)
    do {
      return try write(result, crawl, run, store, began)
    } catch {
      try? store.failRun(run, error: "\(error)")
      throw error
    }
  }

  private func score(
    _ crawl: ModelledCrawl, _ training: TrainingConfiguration, _ stop: StopSignal
  ) throws -> Result {
    onEvent(.phase(.scoring))
    let count = crawl.intake.pairs.count
    let began = ContinuousClock.now
    let scorer = crawl.scorer.seeingNeighbours(training, stop: { stop.isRequested })
    let scores = scorer?.scores(of: crawl.pairs, stop: { stop.isRequested }) { blocks, _ in
      let done = min(count, blocks * Scorer.blockSize)
      onEvent(
        .items(
          done: done, total: count,
          perSecond: Double(done) / max(1e-9, (ContinuousClock.now - began).seconds)))
    }
    guard let scores else { throw TrainingError.stopped(completedEpochs: 0) }
    guard scores.areNumbers else {
      throw ScanError.modelMismatch(
        reason: "\(request.model): its embeddings are not numbers; its training has diverged")
    }
    let sample = PairSample(
      pairs: crawl.pairs, similarities: scores.similarities, shuffled: scores.shuffled)
    let alignment = sample.alignment
    var safeSet = training.safeSet
    // No set grows from the first one here.
    safeSet.firstSafeShareCap = 1
    let policy = SafeSetPolicy(safeSet)
    let placed = scores.placed
    let decision = policy.split(
      similarities: placed,
      acceptedShare: policy.acceptedShare(scores.similarities, shuffled: scores.shuffled),
      mixture: .fit(Histogram(placed)),
      alignment: alignment.value)
    let findings = Findings(
      similarities: placed, sample: sample, safeSet: decision.safeSet.members,
      seed: request.seed)
    return Result(findings: findings, decision: decision, alignment: alignment)
  }

  private func newRun(
    _ crawl: ModelledCrawl, _ training: TrainingConfiguration
  ) throws -> NewRun {
    var configuration = ScanConfiguration()
    configuration.preset = request.model
    configuration.seed = request.seed
    configuration.threads = request.threadCount
    configuration.crawl = request.crawlConfiguration
    configuration.thumbnails = crawl.model.thumbnails
    configuration.training = training
    return NewRun(
      crawlPath: request.crawl, crawlFormat: crawl.formatName, method: Self.method,
      preset: request.model, configuration: try ConfigurationDocument(configuration).text(),
      seed: request.seed, threads: request.threadCount, versions: Host.versions,
      host: Host.description)
  }

  private func write(
    _ result: Result, _ crawl: ModelledCrawl, _ run: Int64, _ store: ReportStore,
    _ began: ContinuousClock.Instant
  ) throws -> ScanSummary {
    let records = crawl.intake.records
    try store.replacePairs(of: run, with: records)
    try store.replaceRejections(of: run, with: crawl.intake.rejections)
    if let sentence = crawl.intake.rejectionNotice {
      try store.addNotice(sentence, kind: .warning, to: run)
    }
    if result.decision.reason.isFallback {
      onEvent(.notice(result.decision.reason.explanation))
      try store.addNotice(result.decision.reason.explanation, kind: .fallback, to: run)
    }
    let summary = summary(
      result, crawl, records, run, seconds: (ContinuousClock.now - began).seconds)
    let alignment = MeasureRow(
      name: summary.alignment.name, subject: summary.alignment.subject,
      value: result.alignment.value, low: result.alignment.lower, high: result.alignment.upper)
    try store.finishRun(
      run, scores: result.findings.scores,
      safeSet: SafeSetBitmap(result.decision.safeSet.members),
      estimates: result.findings.estimates, measures: [alignment], modelPath: request.model,
      summary: String(decoding: try JSONEncoder().encode(summary), as: UTF8.self))
    return summary
  }

  private func summary(
    _ result: Result, _ crawl: ModelledCrawl, _ records: [PairRecord], _ run: Int64,
    seconds: Double
  ) -> ScanSummary {
    let findings = result.findings
    let members = result.decision.safeSet.members
    return ScanSummary(
      run: run, crawl: request.crawl, method: Self.method, pairs: records.count,
      rejected: crawl.intake.rejectionCounts,
      riskiest: ScanSummary.riskiest(findings.scores, order: findings.order, records),
      estimates: findings.estimates.map { ScanSummary.Estimate($0) },
      alignment: ScanSummary.Estimate(
        name: "alignment", subject: EstimateSubject.crawl.rawValue,
        value: result.alignment.value, low: result.alignment.lower, high: result.alignment.upper),
      trust: ScanSummary.trust(alignment: result.alignment),
      safeCount: members.memberCount, safeShare: members.share, seconds: seconds, report: report,
      model: request.model)
  }
}
