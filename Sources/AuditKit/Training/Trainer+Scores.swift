import AuditRisk
import NeuralKit

extension Trainer {
  /// Scores what the epoch calls for: everything before the split, at the end, and where mixed training began again,
  /// else the pairs with the highest last similarity (paper, section 7.2), and always the watched ones.
  ///
  /// A watched pair's similarity is low for want of training, not of truth: where it would be ranked with
  /// the others, it counts as that of the pair at the same quantile among them.
  func score(
    _ epoch: TrainingPlan.Epoch, of plan: TrainingPlan, _ state: TrainingState,
    _ observer: Observer
  ) throws -> EpochScores {
    let scorer = try pairScorer(state, observer)
    let isWatched = watched
    let watchedPairs = isWatched.indices.map { Int32($0) }
    let own = try scores(watchedPairs, scorer, epoch, plan, state, observer)
    let watched = PairSample(
      pairs: watchedPairs, similarities: own.similarities, shuffled: own.shuffled)
    guard let candidates = candidates(epoch, of: plan, state)?.filter({ !isWatched[Int($0)] })
    else { return EpochScores(watched: watched) }
    let learned = try scores(candidates, scorer, epoch, plan, state, observer)
    var similarities =
      state.scores?.similarities ?? [Float](repeating: .nan, count: views.pairCount)
    for (pair, similarity) in zip(candidates, learned.placed) {
      similarities[Int(pair)] = similarity
    }
    let map = QuantileMap(
      from: watched.similarities,
      to: similarities.indices.filter { !isWatched[$0] }.map { similarities[$0] })
    for (pair, similarity) in zip(watchedPairs, watched.similarities) {
      similarities[Int(pair)] = map(similarity)
    }
    let isWhole = candidates.count + watchedPairs.count == views.pairCount
    return EpochScores(
      watched: watched, similarities: similarities,
      shuffled: isWhole ? learned.shuffledCosines : nil,
      acceptedShare: isWhole ? acceptedShare(learned) : nil)
  }

  /// Scores and embeds by the model as it is.
  package func scorer(_ state: TrainingState) -> Scorer {
    Scorer(
      model: model, weights: state.weights, views: views, replicas: replicas, backend: backend,
      seed: seed)
  }

  /// The share of pairs that are more similar than all shuffled ones but those that may be accepted.
  private func acceptedShare(_ scores: Scorer.Scores) -> Double {
    SafeSetPolicy(configuration.safeSet).acceptedShare(
      scores.similarities, shuffled: scores.shuffled)
  }

  /// Scores as the configuration wants pairs to be compared.
  private func pairScorer(_ state: TrainingState, _ observer: Observer) throws -> Scorer {
    guard
      let scorer = scorer(state).seeingNeighbours(configuration, stop: observer.shouldStop)
    else { throw TrainingError.stopped(completedEpochs: state.completedEpochs) }
    return scorer
  }

  /// The pairs to score after an epoch: all, the likely ones, or nil for the watched ones only.
  private func candidates(
    _ epoch: TrainingPlan.Epoch, of plan: TrainingPlan, _ state: TrainingState
  ) -> [Int32]? {
    let all = (0..<Int32(views.pairCount)).map { $0 }
    let next = state.completedEpochs + 1
    if next == plan.epochs.count { return all }
    if epoch.stage != .mixed {
      let canSplit = epoch.stage == .slowPass && configuration.slowPassesCanEnd
      return canSplit || state.completedEpochs == plan.splitEpoch ? all : nil
    }
    guard let similarities = state.scores?.similarities, configuration.rescoreShare < 1,
      !configuration.rewindsAfterSplit
    else { return all }
    return SafeSetPolicy(configuration.safeSet)
      .rescoreCandidates(state.safeSet, similarities: similarities).indices.map { Int32($0) }
  }

  /// A fixed random part of the crawl that the CLIP loss never sees, so that alignment and mismatch rate on
  /// it say what the model knows, not what it remembers.
  package var watched: BitSet {
    var generator = Purpose.watch.generator(seed: seed)
    let total = views.pairCount
    let count = configuration.watchedCount(of: total)
    return BitSet(
      count: total, members: generator.permutation(total).prefix(count).lazy.map { Int($0) })
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
    guard scores.areNumbers else {
      throw TrainingError.divergedEmbeddings(
        epoch: state.completedEpochs, learningRate: epoch.learningRate.peak)
    }
    return scores
  }
}
