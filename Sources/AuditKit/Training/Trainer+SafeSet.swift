import AuditRisk

extension Trainer {
  /// Takes new scores over into the state: the split after the last epoch before mixed training, growth
  /// after each mixed epoch.
  ///
  /// Scores whose alignment fell change nothing: neither the safe set, nor the similarities that risks are made of. Those
  /// of a model that began again after the split change the safe set, and the ranking at the end, together with the split's.
  func accept(
    _ scores: EpochScores, after epoch: TrainingPlan.Epoch, of plan: TrainingPlan,
    _ state: inout TrainingState
  ) -> SafeSetDecision? {
    guard let similarities = scores.similarities else { return nil }
    var decision: SafeSetDecision?
    if epoch.stage == .mixed, configuration.rewindsAfterSplit {
      decision = settle(similarities, scores, after: epoch, of: plan, &state)
    } else {
      decision = self.decision(similarities, scores, after: epoch, of: plan, state)
      if decision?.reason.takesScores != false { state.scores = scores }
    }
    if let trusted { decision?.safeSet.add(trusted) }
    state.safeSet = decision?.safeSet ?? state.safeSet
    return decision
  }

  /// Lets a model that began again after the split choose the safe set, and rank all pairs with the split at its end.
  ///
  /// The split's model has learned from all pairs, poison included, this one from the safe set alone. So the set grows by what
  /// this one says, if it knows enough to be asked.
  private func settle(
    _ similarities: [Float], _ scores: EpochScores, after epoch: TrainingPlan.Epoch,
    of plan: TrainingPlan, _ state: inout TrainingState
  ) -> SafeSetDecision? {
    guard let safeSet = state.safeSet, let split = state.scores, let before = split.similarities
    else { return nil }
    let policy = SafeSetPolicy(configuration.safeSet)
    let alignment = scores.alignment.value
    guard state.completedEpochs + 1 == plan.epochs.count else {
      return policy.acceptance(
        safeSet, similarities: similarities, acceptedShare: scores.acceptedShare ?? 1,
        alignment: alignment)
    }
    let joint = Consensus.similarities(
      .init(similarities: before, alignment: split.alignment.value),
      .init(similarities: similarities, alignment: alignment))
    let decision = policy.consensus(safeSet, similarities: joint, alignment: alignment)
    if decision.reason == .consensus { state.scores = split.with(joint) }
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
      similarities: similarities, acceptedShare: scores.acceptedShare ?? 1,
      // The slow passes have learned the trusted pairs alone, whose similarities are those of no other.
      mixture: .fit(Histogram(similarities, excluding: trusted)),
      alignment: scores.alignment.value, trusted: trusted)
  }
}
