import AuditRisk

extension Trainer {
  /// Splits after the last epoch before mixed training, and grows the safe set after each mixed epoch.
  func updateSafeSet(
    after epoch: TrainingPlan.Epoch, of plan: TrainingPlan, _ state: inout TrainingState,
    _ scores: EpochScores
  ) -> SafeSetDecision? {
    guard let similarities = state.similarities else { return nil }
    let policy = SafeSetPolicy(configuration.safeSet)
    let next = state.completedEpochs + 1
    let decision: SafeSetDecision
    if epoch.stage == .mixed, let safeSet = state.safeSet {
      decision = policy.update(
        safeSet, similarities: similarities, alignment: scores.alignment.value)
    } else if next < plan.epochs.count, plan.epochs[next].stage == .mixed {
      decision = policy.split(
        similarities: similarities, mixture: .fit(Histogram(similarities)),
        alignment: scores.alignment.value)
    } else {
      return nil
    }
    state.safeSet = decision.safeSet
    return decision
  }
}
