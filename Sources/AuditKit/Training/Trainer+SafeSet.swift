import AuditRisk

extension Trainer {
  /// Takes new scores over into the state: the split after the last epoch before mixed training, growth
  /// after each mixed epoch.
  ///
  /// Scores whose alignment fell are not trusted and change nothing: neither the safe set, nor the
  /// similarities that risks are made of.
  func accept(
    _ scores: EpochScores, after epoch: TrainingPlan.Epoch, of plan: TrainingPlan,
    _ state: inout TrainingState
  ) -> SafeSetDecision? {
    guard let similarities = scores.similarities else { return nil }
    let decision = decision(similarities, scores, after: epoch, of: plan, state)
    state.safeSet = decision?.safeSet ?? state.safeSet
    if decision?.reason != .growthWithheld {
      state.similarities = similarities
      state.watched = scores.watched
    }
    return decision
  }

  private func decision(
    _ similarities: [Float], _ scores: EpochScores, after epoch: TrainingPlan.Epoch,
    of plan: TrainingPlan, _ state: TrainingState
  ) -> SafeSetDecision? {
    let policy = SafeSetPolicy(configuration.safeSet)
    if epoch.stage == .mixed, let safeSet = state.safeSet {
      return policy.update(
        safeSet, similarities: similarities, alignment: scores.alignment.value)
    }
    guard state.completedEpochs == plan.splitEpoch else { return nil }
    return policy.split(
      similarities: similarities, mixture: .fit(Histogram(similarities)),
      alignment: scores.alignment.value)
  }
}
