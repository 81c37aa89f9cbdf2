import AuditRisk

extension Trainer {
  /// Takes new scores over into the state: the split after the last epoch before mixed training, growth
  /// after each mixed epoch.
  ///
  /// Scores whose alignment fell change nothing: neither the safe set, nor the similarities that risks are made of. Nor
  /// do those of a model that began again after the split stand alone: the safe set follows what both say, and at
  /// the end so does the ranking.
  func accept(
    _ scores: EpochScores, after epoch: TrainingPlan.Epoch, of plan: TrainingPlan,
    _ state: inout TrainingState
  ) -> SafeSetDecision? {
    guard let similarities = scores.similarities else { return nil }
    let isLast = state.completedEpochs + 1 == plan.epochs.count
    let joint = consensus(similarities, scores, after: epoch, state)
    var decision =
      if let joint, let safeSet = state.safeSet {
        SafeSetPolicy(configuration.safeSet).consensus(
          safeSet, similarities: joint, acceptedShare: isLast ? nil : scores.acceptedShare)
      } else { decision(similarities, scores, after: epoch, of: plan, state) }
    if let trusted { decision?.safeSet.members.formUnion(trusted) }
    state.safeSet = decision?.safeSet ?? state.safeSet
    if let joint {
      if isLast { state.similarities = joint }
    } else if decision?.reason.takesScores != false {
      state.similarities = similarities
      state.watched = scores.watched
      state.acceptedShare = scores.acceptedShare
    }
    return decision
  }

  /// What the split and the model of mixed training that began again say together; nil elsewhere.
  ///
  /// The split's model has learned from all pairs, poison included, the other one from the safe set alone.
  private func consensus(
    _ similarities: [Float], _ scores: EpochScores, after epoch: TrainingPlan.Epoch,
    _ state: TrainingState
  ) -> [Float]? {
    guard configuration.rewindsAfterSplit, epoch.stage == .mixed, let split = state.similarities,
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
