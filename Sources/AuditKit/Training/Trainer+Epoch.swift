import AuditEncoders
import AuditRisk
import NeuralKit
import Synchronization

extension Trainer {
  /// What training one epoch adds up.
  struct TrainedEpoch {
    var joint = RunningMean()
    var clip = RunningMean()
    var unimodal = RunningMean()
    var learningRate: Float = 0
    var steps = 0
  }

  struct RunningMean {
    private(set) var count = 0
    private var sum = 0.0

    var mean: Double? { count > 0 ? sum / Double(count) : nil }

    mutating func add(_ value: Double?) {
      guard let value else { return }
      count += 1
      sum += value
    }
  }

  /// Runs all steps of one epoch.
  func train(
    _ epoch: TrainingPlan.Epoch, of plan: TrainingPlan, _ state: inout TrainingState,
    _ observer: Observer
  ) throws -> TrainedEpoch {
    let order = order(epoch, state)
    let matchingPool = matchingPool(epoch, state)
    let gradients = (0..<replicas.count).map { _ in ParameterValues(layout: model.layout.parameters)
    }
    var trained = TrainedEpoch()
    var pairsDone = 0
    let began = ContinuousClock.now
    for (index, pairs) in order.steps.enumerated() {
      if observer.shouldStop() {
        throw TrainingError.stopped(completedEpochs: state.completedEpochs)
      }
      let progress =
        (Double(epoch.numberInStage) + Double(index) / Double(order.steps.count))
        / Double(epoch.epochsInStage)
      trained.learningRate = epoch.learningRate.rate(step: state.stepsInStage, progress: progress)
      state.optimiserSteps += 1
      state.stepsInStage += 1
      let losses = run(
        pairs, epoch, state, gradients, matchingPool, learningRate: trained.learningRate)
      let joint =
        (losses.clip ?? 0) + Double(unimodalWeight(epoch.stage)) * (losses.unimodal ?? 0)
      guard joint.isFinite else {
        throw TrainingError.diverged(
          epoch: state.completedEpochs, step: index, learningRate: trained.learningRate)
      }
      trained.joint.add(joint)
      trained.clip.add(losses.clip)
      trained.unimodal.add(losses.unimodal)
      trained.steps += 1
      pairsDone += pairs.pairCount
      observer.onProgress(
        TrainingProgress(
          stage: epoch.stage, epoch: state.completedEpochs, epochs: plan.epochs.count,
          step: index + 1, steps: order.steps.count, loss: trained.joint.mean ?? 0,
          pairsPerSecond: Double(pairsDone) / max(1e-9, (ContinuousClock.now - began).seconds)))
    }
    return trained
  }

  private func order(_ epoch: TrainingPlan.Epoch, _ state: TrainingState) -> EpochOrder {
    let count = views.pairCount
    let number = state.completedEpochs
    let size = configuration.batchSize
    let watched = watched
    switch epoch.stage {
    case .warmUp:
      return .unimodal(pairCount: count, batchSize: size, seed: seed, epoch: number)
    case .slowPass:
      let trusted = trusted
      return .clip(
        isLearned: { !watched[Int($0)] && trusted?[Int($0)] != false }, pairCount: count,
        batchSize: size, seed: seed, epoch: number)
    case .cleaning:
      let trusted = trusted
      return .cleaning(
        isTrusted: { !watched[Int($0)] && trusted?[Int($0)] == true }, pairCount: count,
        batchSize: size, seed: seed, epoch: number)
    case .plain:
      return .clip(
        isLearned: { !watched[Int($0)] }, pairCount: count, batchSize: size, seed: seed,
        epoch: number)
    case .mixed:
      let safe = state.safeSet?.members
      return .mixed(
        isSafe: { safe?[Int($0)] == true && !watched[Int($0)] }, pairCount: count,
        batchSize: size, riskyUnimodal: configuration.riskyUnimodal, seed: seed, epoch: number)
    }
  }

  /// One step on all replicas.
  private func run(
    _ pairs: EpochOrder.Step, _ epoch: TrainingPlan.Epoch, _ state: TrainingState,
    _ gradients: [ParameterValues], _ matchingPool: Tensor?, learningRate: Float
  ) -> TrainingStep.Losses {
    let step = TrainingStep(
      model: model, state: state, views: views, configuration: configuration,
      epoch: state.completedEpochs, learningRate: learningRate, number: state.optimiserSteps,
      clipViews: clipViews(epoch.stage, state.completedEpochs),
      unimodalWeight: unimodalWeight(epoch.stage),
      matchingPool: matchingPool)
    let result = Mutex(TrainingStep.Losses())
    let smallest = [pairs.safe.count, pairs.risky.count].filter { $0 > 0 }.min() ?? 1
    group(forPairs: smallest).run { communicator in
      let execution = Execution(
        backend: backend, communicator: communicator, weights: state.weights,
        gradients: gradients[communicator.rank], mode: .training)
      let losses = step.run(pairs, execution)
      if communicator.rank == 0 { result.withLock { $0 = losses } }
    }
    return result.withLock { $0 }
  }

  /// The captions that images are matched with in this epoch, `[M, D]` by the model at its start; nil where
  /// each image keeps its own.
  ///
  /// The first epochs of each round leave images their captions: neighbours of an untrained model are random.
  private func matchingPool(_ epoch: TrainingPlan.Epoch, _ state: TrainingState) -> Tensor? {
    guard configuration.method == .roclip,
      (epoch.numberInStage + 1) % configuration.matchingFrequency == 0
    else { return nil }
    var generator = Purpose.matching.generator(seed: seed, state.completedEpochs)
    let share = Int(configuration.matchingPoolShare * Double(views.pairCount))
    let size = min(views.pairCount, max(share, configuration.batchSize))
    return scorer(state).captionEmbeddings(
      of: Array(generator.permutation(views.pairCount).prefix(size)))
  }

  /// All replicas, or as many as there are pairs: none can be without one.
  func group(forPairs count: Int) -> ReplicaGroup {
    count < replicas.count ? ReplicaGroup(count: count) : replicas
  }

  /// There is nothing to weigh the unimodal loss against in the warm-up.
  private func unimodalWeight(_ stage: Stage) -> Float {
    stage == .warmUp ? 1 : configuration.unimodalWeight
  }

  /// What the CLIP loss sees of its pairs.
  private func clipViews(_ stage: Stage, _ epoch: Int) -> ViewKind {
    let augments =
      switch stage {
      case .mixed: configuration.safeSetAugments
      case .slowPass: configuration.slowPassAugments
      case .plain: configuration.plainAugments || configuration.method == .roclip
      case .warmUp: true
      case .cleaning: false
      }
    return augments ? .augmented(epoch: epoch, number: 0) : .patterned(epoch: epoch)
  }
}

extension Duration {
  /// Seconds as a number.
  package var seconds: Double {
    Double(components.seconds) + Double(components.attoseconds) * 1e-18
  }
}
