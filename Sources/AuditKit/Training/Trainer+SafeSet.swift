import AuditRisk

extension Trainer {
  /// Takes new scores over into the state: the split after the last epoch before mixed training, growth
  /// after each mixed epoch.
  ///
  /// Scores whose alignment fell change nothing: neither the safe set, nor the similarities that risks are made of. Nor
  /// do those of a model that began again after the split, until it has learned all that it will: then pairs are
  /// ranked by what both say.
  func accept(
    _ scores: EpochScores, after epoch: TrainingPlan.Epoch, of plan: TrainingPlan,
    _ state: inout TrainingState
  ) -> SafeSetDecision? {
    guard let similarities = scores.similarities else { return nil }
    let joint = consensus(similarities, scores, after: epoch, of: plan, state)
    var decision =
      if let joint, let safeSet = state.safeSet {
        SafeSetPolicy(configuration.safeSet).consensus(safeSet, similarities: joint)
      } else { decision(similarities, scores, after: epoch, of: plan, state) }
    if let trusted { decision?.safeSet.members.formUnion(trusted) }
    state.safeSet = decision?.safeSet ?? state.safeSet
    if let joint {
      state.similarities = joint
    } else if decision?.reason.takesScores != false {
      state.similarities = similarities
      state.watched = scores.watched
    }
    return decision
  }

  /// What the split and the last model of mixed training that began again say together; nil elsewhere.
  ///
  /// The split's model has learned from all pairs, poison included, the other one from the safe set alone.
  private func consensus(
    _ similarities: [Float], _ scores: EpochScores, after epoch: TrainingPlan.Epoch,
    of plan: TrainingPlan, _ state: TrainingState
  ) -> [Float]? {
    guard configuration.rewindsAfterSplit, epoch.stage == .mixed,
      state.completedEpochs + 1 == plan.epochs.count, let split = state.similarities,
      let watched = state.watched
    else { return nil }
    return Consensus.similarities(
      .init(similarities: split, alignment: watched.alignment.value),
      .init(similarities: similarities, alignment: scores.alignment.value))
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
