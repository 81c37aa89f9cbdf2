import AuditRisk
import NeuralKit

extension Trainer {
  /// Scores what the epoch calls for: everything before the split and at the end, else the pairs with
  /// the highest last similarity (paper, section 7.2) and the watched ones.
  func score(
    _ epoch: TrainingPlan.Epoch, of plan: TrainingPlan, _ state: TrainingState,
    _ observer: Observer
  ) throws -> EpochScores {
    let scorer = Scorer(
      model: model, weights: state.weights, views: views, replicas: replicas, backend: backend,
      seed: seed)
    let watched = watchedPairs
    guard let candidates = candidates(epoch, of: plan, state) else {
      let watch = try scores(watched, scorer, epoch, plan, state, observer)
      return EpochScores(watch, watch: watch)
    }
    if candidates.count == views.pairCount {
      let all = try scores(candidates, scorer, epoch, plan, state, observer)
      return EpochScores(
        all, watch: all.of(watched), similarities: all.similarities)
    }
    let own = try scores(candidates, scorer, epoch, plan, state, observer)
    let watch = try scores(watched, scorer, epoch, plan, state, observer)
    var similarities = state.similarities ?? []
    for (pair, similarity) in zip(candidates, own.similarities) {
      similarities[Int(pair)] = similarity
    }
    return EpochScores(watch, watch: watch, similarities: similarities)
  }

  /// The pairs to score after an epoch: all, the likely ones, or nil for the watched ones only.
  private func candidates(
    _ epoch: TrainingPlan.Epoch, of plan: TrainingPlan, _ state: TrainingState
  ) -> [Int32]? {
    let all = (0..<Int32(views.pairCount)).map { $0 }
    let next = state.completedEpochs + 1
    if next == plan.epochs.count { return all }
    if epoch.stage != .mixed { return state.completedEpochs == plan.splitEpoch ? all : nil }
    guard let similarities = state.similarities, configuration.rescoreShare < 1 else { return all }
    return SafeSetPolicy(configuration.safeSet)
      .rescoreCandidates(state.safeSet, similarities: similarities).indices.map { Int32($0) }
  }

  /// A fixed random part of the crawl; mixed training keeps it out of the CLIP loss, so that alignment
  /// on it says what the model knows, not what it remembers.
  var watchedPairs: [Int32] {
    var generator = Purpose.watch.generator(seed: seed)
    let count = Int(configuration.watchShare * Double(views.pairCount))
    return Array(
      generator.permutation(views.pairCount)
        .prefix(max(2, min(count, configuration.watchLimit))))
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
  init(_ scores: Scorer.Scores, watch: Scorer.Scores, similarities: [Float]? = nil) {
    self.init(
      sample: scores.similarities, shuffled: scores.shuffled,
      alignment: Alignment.measure(
        truePairs: watch.similarities, shuffledPairs: watch.shuffled),
      similarities: similarities)
  }
}

extension Scorer.Scores {
  /// The scores of some pairs, where these are of all.
  fileprivate func of(_ pairs: [Int32]) -> Scorer.Scores {
    Scorer.Scores(
      similarities: pairs.map { similarities[Int($0)] }, shuffled: pairs.map { shuffled[Int($0)] })
  }
}
