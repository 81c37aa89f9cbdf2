import AuditEncoders
import AuditEvaluation
import AuditReport
import AuditRisk
import AuditTraining
import AuditWords
import Foundation

extension Scan {
  /// Writes the last scores, estimates, the model and the summary.
  func finish(
    _ session: ScanSession, _ state: TrainingState, began: ContinuousClock.Instant
  ) throws -> ScanSummary {
    onEvent(.phase(.writing))
    let similarities = state.scores?.similarities ?? []
    let findings = Findings(
      similarities: similarities,
      sample: state.scores?.watched ?? PairSample(pairs: [], similarities: [], shuffled: []),
      safeSet: state.safeSet?.members, trusted: session.trainer.trusted,
      seed: session.configuration.seed)
    let scores = findings.scores
    let estimates = findings.estimates
    let model = try writeModel(session, state)
    let measures = try retrieval(session, state)
    let summary = summary(
      session, scores, order: findings.order, estimates, state, measures, model,
      seconds: (ContinuousClock.now - began).seconds)
    try store.finishRun(
      session.run, scores: scores,
      safeSet: SafeSetBitmap(state.safeSet?.members ?? BitSet(count: similarities.count)),
      estimates: estimates, measures: measures, modelPath: model,
      summary: String(decoding: try JSONEncoder().encode(summary), as: UTF8.self))
    return summary
  }

  private func writeModel(_ session: ScanSession, _ state: TrainingState) throws -> String? {
    guard let path = request.modelOut else { return nil }
    try model(session, state, folder: path).save()
    return path
  }

  /// The model as it is, for a folder that need not be there.
  func model(_ session: ScanSession, _ state: TrainingState, folder: String) -> TrainedModel {
    TrainedModel(
      folder: folder, model: session.trainer.model, weights: state.weights,
      tokenizer: session.tokenizer, thumbnails: session.configuration.thumbnails)
  }

  private func summary(
    _ session: ScanSession, _ scores: PairScores, order: [Int32],
    _ estimates: [EstimateRow], _ state: TrainingState, _ measures: [MeasureRow], _ model: String?,
    seconds: Double
  ) -> ScanSummary {
    let alignment = state.scores?.alignment ?? IntervalEstimate(value: 0.5, lower: 0, upper: 1)
    let safeSet = state.safeSet?.members
    return ScanSummary(
      run: session.run, crawl: request.crawl,
      method: session.configuration.training.method.rawValue, pairs: session.records.count,
      rejected: session.rejected,
      riskiest: ScanSummary.riskiest(scores, order: order, session.records),
      estimates: estimates.map { ScanSummary.Estimate($0) },
      alignment: ScanSummary.Estimate(
        name: "alignment", subject: EstimateSubject.crawl.rawValue, value: alignment.value,
        low: alignment.lower, high: alignment.upper),
      trust: ScanSummary.trust(alignment: alignment),
      safeCount: safeSet?.memberCount,
      safeShare: safeSet?.share,
      recallAt10: measures.first { $0.name == Retrieval.measureName(k: 10) }?.value,
      seconds: seconds,
      report: request.report, model: model)
  }
}
