import AuditReport
import AuditRisk
import AuditTraining

extension Scan {
  /// Trains to the end of the plan, recording and checkpointing each epoch.
  func train(_ session: ScanSession) throws -> TrainingState {
    onEvent(.phase(.training))
    try store.updateRun(session.run, phase: ScanPhase.training.rawValue)
    let trainer = session.trainer
    var state = TrainingState(
      model: trainer.model, configuration: trainer.configuration, seed: trainer.seed)
    if session.checkpoint.exists {
      try session.checkpoint.restore(
        &state, pairCount: trainer.views.pairCount, fingerprint: session.fingerprint)
    }
    return try trainer.run(
      from: state,
      Trainer.Observer(
        shouldStop: { stop.isRequested }, onProgress: { onEvent(.training($0)) },
        onEpoch: { outcome, state in
          // The report first: a kill in between repeats the epoch, which replaces its rows by equal ones.
          try record(outcome, state, session)
          try request.onModel?(outcome.record, model(session, state, folder: ""))
          try session.checkpoint.save(state, fingerprint: session.fingerprint)
          onEvent(.epoch(outcome.record, safeCount: state.safeSet?.members.memberCount))
        }))
  }

  private func record(
    _ outcome: EpochOutcome, _ state: TrainingState, _ session: ScanSession
  ) throws {
    let record = outcome.record
    var row = EpochRow(
      number: record.epoch, stage: record.stage.rawValue, steps: record.steps,
      seconds: record.seconds, loss: record.loss, clipLoss: record.clipLoss,
      unimodalLoss: record.unimodalLoss, learningRate: record.learningRate,
      logitScale: record.logitScale, alignment: record.alignment)
    let plotted = outcome.scores.plotted
    row.histogram = SimilarityHistogram(
      similarities: plotted.similarities, shuffled: plotted.shuffled)
    guard let similarities = outcome.scores.similarities else {
      try store.recordEpoch(row, of: session.run)
      return
    }
    // Of this epoch's own scores, trusted or not; the report's scores are the last trusted ones.
    let findings = Findings(
      similarities: similarities, sample: outcome.scores.watched,
      safeSet: state.safeSet?.members, trusted: session.trainer.trusted,
      seed: session.configuration.seed)
    let isTrusted = outcome.decision?.reason.takesScores != false
    row.mixture = MixtureRow(findings.mixture)
    row.safeCount = state.safeSet?.members.memberCount
    row.safeShare = state.safeSet?.members.share
    row.decisionReason = outcome.decision?.reason.rawValue
    if let decision = outcome.decision, decision.reason.isFallback {
      try notice(
        "epoch \(record.epoch + 1): \(decision.reason.explanation)", .fallback, session.run)
    }
    if let dropped = outcome.droppedAlignment {
      try notice(
        slowPassesEnded(state, from: record.alignment, to: dropped, session.trainer.configuration),
        .adaptation, session.run)
    }
    try store.recordEpoch(
      row, of: session.run, estimates: findings.estimates,
      scores: isTrusted ? findings.scores : nil,
      safeSet: state.safeSet.map { SafeSetBitmap($0.members) })
  }

  private func slowPassesEnded(
    _ state: TrainingState, from kept: Double, to dropped: Double,
    _ configuration: TrainingConfiguration
  ) -> String {
    func rounded(_ value: Double) -> Double { (value * 1000).rounded() / 1000 }
    return """
      slow passes ended after \(state.endedSlowPasses ?? 0) of \(configuration.slowPasses): the last one took alignment from \
      \(rounded(kept)) to \(rounded(dropped)), less than training.slowLeastGain, \(configuration.slowLeastGain), so that \
      pairs are split by the scores before it
      """
  }
}
