import AuditRisk

extension Trainer {
  /// Takes new scores over into the state: the split after the last epoch before mixed training, growth
  /// after each mixed epoch.
  ///
  /// Scores whose alignment fell, and those of a model that began again after the split, change nothing: neither
  /// the safe set, nor the similarities that risks are made of.
  func accept(
    _ scores: EpochScores, after epoch: TrainingPlan.Epoch, of plan: TrainingPlan,
    _ state: inout TrainingState
  ) -> SafeSetDecision? {
    guard let similarities = scores.similarities else { return nil }
    var decision = decision(similarities, scores, after: epoch, of: plan, state)
    if let trusted { decision?.safeSet.members.formUnion(trusted) }
    state.safeSet = decision?.safeSet ?? state.safeSet
    if decision?.reason.takesScores != false {
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
      if configuration.rewindsAfterSplit { return policy.standing(safeSet) }
      return policy.update(
        safeSet, similarities: similarities, alignment: scores.alignment.value)
    }
    guard state.completedEpochs == plan.splitEpoch else { return nil }
    return policy.split(
      similarities: similarities, acceptedShare: scores.acceptedShare ?? 1,
      mixture: .fit(Histogram(untrusted(similarities))),
      alignment: scores.alignment.value)
  }

  /// The similarities of pairs that may be poison.
  ///
  /// The slow passes have learned the trusted ones alone, whose similarities are those of no other.
  private func untrusted(_ similarities: [Float]) -> [Float] {
    guard let trusted else { return similarities }
    return similarities.indices.filter { !trusted[$0] }.map { similarities[$0] }
  }
}
