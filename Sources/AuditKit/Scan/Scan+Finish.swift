import AuditEncoders
import AuditReport
import AuditRisk
import AuditTraining
import AuditWords
import Foundation

/// Names in a model's folder beside open_clip's own.
enum ModelName {
  /// The byte-pair vocabulary.
  static let tokenizer = "tokenizer.json"
}

extension Scan {
  /// Writes the last scores, estimates, the model and the summary.
  func finish(
    _ session: ScanSession, _ state: TrainingState, began: ContinuousClock.Instant
  ) throws -> ScanSummary {
    onEvent(.phase(.writing))
    let epochs = try store.reader.read { try $0.epochs(of: session.run) }
    let estimates = try store.reader.read {
      try $0.estimates(of: session.run, epoch: epochs.last?.number)
    }
    let similarities = state.similarities ?? []
    let mixture = GaussianMixture.fit(Histogram(similarities))
    let ranking = RiskRanking(similarities: similarities, mixture: mixture)
    let scores = PairScores(
      similarities: similarities, posteriors: mixture.posteriorsSafe(similarities),
      risks: ranking.risks)
    let model = try writeModel(session, state)
    let measures = try retrieval(session, state)
    let safeSet = state.safeSet?.members
    let summary = summary(
      session, ranking, similarities, estimates, epochs.last, safeSet, measures, model,
      seconds: (ContinuousClock.now - began).seconds)
    try store.finishRun(
      session.run, scores: scores,
      safeSet: SafeSetBitmap(safeSet ?? BitSet(count: similarities.count)),
      estimates: estimates, measures: measures, modelPath: model,
      summary: String(decoding: try JSONEncoder().encode(summary), as: UTF8.self))
    return summary
  }

  private func writeModel(_ session: ScanSession, _ state: TrainingState) throws -> String? {
    guard let path = request.modelOut else { return nil }
    let folder = ModelFolder(model: session.trainer.model, weights: state.weights)
    let tokenizer = try JSONEncoder().encode(session.tokenizer)
    try folder.save(
      to: URL(fileURLWithPath: path), with: [ModelName.tokenizer: tokenizer])
    return path
  }

  private func summary(
    _ session: ScanSession, _ ranking: RiskRanking, _ similarities: [Float],
    _ estimates: [EstimateRow], _ last: EpochRow?, _ safeSet: BitSet?, _ measures: [MeasureRow],
    _ model: String?, seconds: Double
  ) -> ScanSummary {
    let riskiest = ranking.order.prefix(10).map { pair in
      ScanSummary.RiskyPair(
        key: session.records[Int(pair)].key, risk: ranking.risks[Int(pair)],
        similarity: Double(similarities[Int(pair)]),
        caption: session.records[Int(pair)].caption)
    }
    let alignment = last?.alignment ?? 0.5
    return ScanSummary(
      run: session.run, crawl: request.crawl,
      method: session.configuration.training.method.rawValue, pairs: session.records.count,
      rejected: session.rejected, riskiest: riskiest,
      estimates: estimates.map {
        ScanSummary.Estimate(
          name: $0.name, subject: $0.subject.rawValue, value: $0.value, low: $0.low,
          high: $0.high)
      },
      alignment: ScanSummary.Estimate(
        name: "alignment", subject: EstimateSubject.crawl.rawValue, value: alignment),
      trust: ScanSummary.trust(alignment: alignment), safeCount: safeSet?.memberCount,
      safeShare: safeSet?.share,
      recallAt10: measures.first { $0.name == Retrieval.measureName }?.value, seconds: seconds,
      report: request.report, model: model)
  }
}
