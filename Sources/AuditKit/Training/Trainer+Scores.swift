import AuditRisk
import NeuralKit

extension Trainer {
  /// Scores what the epoch calls for: everything before the split and at the end, else the pairs with
  /// the highest last similarity (paper, section 7.2) and a random sample for alignment.
  func score(
    _ epoch: TrainingPlan.Epoch, of plan: TrainingPlan, _ state: inout TrainingState,
    _ observer: Observer
  ) throws -> EpochScores {
    let scorer = Scorer(
      model: model, weights: state.weights, views: views, replicas: replicas, backend: backend,
      seed: seed)
    let count = views.pairCount
    let sample = alignmentSample
    guard let candidates = candidates(epoch, of: plan, state) else {
      let scores = try scores(sample, scorer, epoch, plan, state, observer)
      return EpochScores(scores, isCurrent: false)
    }
    if candidates.count == count {
      let scores = try scores(candidates, scorer, epoch, plan, state, observer)
      state.similarities = scores.similarities
      return EpochScores(scores, isCurrent: true)
    }
    let own = try scores(candidates, scorer, epoch, plan, state, observer)
    for (pair, similarity) in zip(candidates, own.similarities) {
      state.similarities?[Int(pair)] = similarity
    }
    let sampled = try scores(sample, scorer, epoch, plan, state, observer)
    return EpochScores(sampled, isCurrent: true)
  }

  /// The pairs to score after an epoch: all, the likely ones, or nil for the alignment sample only.
  private func candidates(
    _ epoch: TrainingPlan.Epoch, of plan: TrainingPlan, _ state: TrainingState
  ) -> [Int32]? {
    let all = (0..<Int32(views.pairCount)).map { $0 }
    let next = state.completedEpochs + 1
    if next == plan.epochs.count { return all }
    if epoch.stage != .mixed { return plan.epochs[next].stage == .mixed ? all : nil }
    guard let similarities = state.similarities, configuration.rescoreShare < 1 else { return all }
    return SafeSetPolicy(configuration.safeSet)
      .rescoreCandidates(state.safeSet, similarities: similarities).indices.map { Int32($0) }
  }

  /// A fixed random sample of the crawl, or all of a small one.
  private var alignmentSample: [Int32] {
    var generator = Purpose.alignmentOrder.generator(seed: seed, 1)
    return Array(generator.permutation(views.pairCount).prefix(configuration.alignmentSample))
  }

  private func scores(
    _ pairs: [Int32], _ scorer: Scorer, _ epoch: TrainingPlan.Epoch, _ plan: TrainingPlan,
    _ state: TrainingState, _ observer: Observer
  ) throws -> Scorer.Scores {
    let began = ContinuousClock.now
    let scores = scorer.scores(of: pairs, stop: observer.shouldStop) { done, blocks in
      var progress = TrainingProgress(
        stage: epoch.stage, epoch: state.completedEpochs, epochs: plan.epochs.count, step: done,
        steps: blocks, loss: 0,
        pairsPerSecond: Double(min(pairs.count, done * Scorer.blockSize))
          / max(1e-9, (ContinuousClock.now - began).seconds))
      progress.isScoring = true
      observer.onProgress(progress)
    }
    guard let scores else {
      throw TrainingError.stopped(completedEpochs: state.completedEpochs)
    }
    return scores
  }
}

extension EpochScores {
  init(_ scores: Scorer.Scores, isCurrent: Bool) {
    self.init(
      sample: scores.similarities, shuffled: scores.shuffled,
      alignment: Alignment.measure(
        truePairs: scores.similarities, shuffledPairs: scores.shuffled),
      isCurrent: isCurrent)
  }
}
