import AuditEncoders
import AuditRisk
import Foundation
import NeuralKit

/// Trains a model on a crawl, epoch by epoch, and keeps the safe set: the loop of the paper's
/// algorithm 1.
package struct Trainer: Sendable {
  package let configuration: TrainingConfiguration
  package let model: CLIPModel
  package let views: ViewSource
  package let replicas: ReplicaGroup
  package let backend: any Backend
  package let seed: UInt64
  /// Pairs that are known to be clean; nil where none are.
  ///
  /// They are always safe, and the slow passes see them alone.
  package let trusted: BitSet?

  package init(
    configuration: TrainingConfiguration, model: CLIPModel, views: ViewSource,
    replicas: ReplicaGroup, backend: any Backend, seed: UInt64, trusted: BitSet? = nil
  ) {
    self.configuration = configuration
    self.model = model
    self.views = views
    self.replicas = replicas
    self.backend = backend
    self.seed = seed
    self.trusted = trusted
  }

  /// What the caller sees of a running training.
  package struct Observer {
    /// Whether to stop at the next step.
    package var shouldStop: () -> Bool
    package var onProgress: (TrainingProgress) -> Void
    /// Gets each finished epoch with the state to checkpoint.
    package var onEpoch: (EpochOutcome, TrainingState) throws -> Void

    package init(
      shouldStop: @escaping () -> Bool = { false },
      onProgress: @escaping (TrainingProgress) -> Void = { _ in },
      onEpoch: @escaping (EpochOutcome, TrainingState) throws -> Void = { _, _ in }
    ) {
      self.shouldStop = shouldStop
      self.onProgress = onProgress
      self.onEpoch = onEpoch
    }
  }

  /// Trains from `state` to the end of the plan and returns the last state.
  ///
  /// Throws `TrainingError.stopped` where the observer asks for it: the weights in memory are then
  /// those of an unfinished epoch, and the last checkpoint is what to go on from.
  package func run(from state: TrainingState, _ observer: Observer) throws -> TrainingState {
    try configuration.validate(pairCount: views.pairCount)
    try validateTrusted()
    var state = state
    var plan = TrainingPlan(configuration, endedSlowPasses: state.endedSlowPasses)
    while state.completedEpochs < plan.epochs.count {
      let began = ContinuousClock.now
      var epoch = plan.epochs[state.completedEpochs]
      if epoch.numberInStage == 0 { enter(epoch.stage, &state) }
      let trained = try train(epoch, of: plan, &state, observer)
      // What comes next has other batch sizes: without this, each kind of work adds its blocks.
      MemoryPool.shared.drain()
      let beganScoring = ContinuousClock.now
      settleStatistics(state)
      MemoryPool.shared.drain()
      var scores = try score(epoch, of: plan, state, observer)
      MemoryPool.shared.drain()
      var droppedAlignment: Double?
      if let kept = scoresBeforeLastSlowPass(epoch, scores, state) {
        droppedAlignment = scores.alignment.value
        scores = kept
        state.endedSlowPasses = epoch.numberInStage + 1
        plan = TrainingPlan(configuration, endedSlowPasses: state.endedSlowPasses)
        epoch = plan.epochs[state.completedEpochs]
      }
      let decision = accept(scores, after: epoch, of: plan, &state)
      let ended = ContinuousClock.now
      let record = EpochRecord(
        epoch: state.completedEpochs, stage: epoch.stage, loss: trained.joint.mean ?? 0,
        clipLoss: trained.clip.mean, unimodalLoss: trained.unimodal.mean,
        learningRate: Double(trained.learningRate),
        logitScale: exp(Double(state.weights.parameters[model.logitScale.parameter].scalar)),
        alignment: scores.alignment.value, seconds: (ended - began).seconds,
        steps: trained.steps, scoringSeconds: (ended - beganScoring).seconds,
        endsStage: epoch.numberInStage == epoch.epochsInStage - 1)
      state.completedEpochs += 1
      try observer.onEpoch(
        EpochOutcome(
          record: record, scores: scores, decision: decision, droppedAlignment: droppedAlignment),
        state)
    }
    return state
  }

  /// A contrastive loss needs pairs to tell apart.
  private func validateTrusted() throws(TrainingError) {
    guard trusted != nil || configuration.method == .cleanclip else { return }
    let watched = watched
    let learned = trusted?.indices.count { !watched[$0] } ?? 0
    guard learned >= TrainingConfiguration.minimumPairs else {
      throw .tooFewTrusted(count: learned, minimum: TrainingConfiguration.minimumPairs)
    }
  }

  /// The scores by the slow pass before this one, where this one gained so little that they are to decide; nil else.
  private func scoresBeforeLastSlowPass(
    _ epoch: TrainingPlan.Epoch, _ scores: EpochScores, _ state: TrainingState
  ) -> EpochScores? {
    guard configuration.slowPassesCanEnd, epoch.stage == .slowPass, epoch.numberInStage > 0,
      let before = state.scores,
      !(scores.alignment.value - before.alignment.value >= configuration.slowLeastGain)
    else { return nil }
    return before
  }

  /// Prepares the state for the first epoch of a stage.
  private func enter(_ stage: Stage, _ state: inout TrainingState) {
    state.stepsInStage = 0
    if stage == .slowPass, configuration.rewindsAfterSplit { state.keepWeights() }
    if stage == .mixed { state.rewind(model, configuration) }
    if stage == .cleaning { state.forgetMoments(model, configuration) }
  }
}
