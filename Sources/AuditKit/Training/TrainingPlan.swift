/// The epochs of a run in order: which stage each belongs to and its learning rate.
package struct TrainingPlan: Sendable {
  package struct Epoch: Sendable {
    package let stage: Stage
    /// Counted from 0 in the stage.
    package let numberInStage: Int
    package let epochsInStage: Int
    package let learningRate: LearningRate
  }

  package let epochs: [Epoch]
  /// The number of the epoch whose scores split the crawl into safe and risky; nil in plain training.
  package let splitEpoch: Int?

  /// The plan that a configuration asks for, or what became of it where the slow passes ended early.
  ///
  /// Mixed training has as many epochs then as it would have had.
  package init(_ configuration: TrainingConfiguration, endedSlowPasses: Int? = nil) {
    var epochs: [Epoch] = []
    func add(_ stage: Stage, _ count: Int, _ learningRate: LearningRate) {
      for number in 0..<max(0, count) {
        epochs.append(
          Epoch(
            stage: stage, numberInStage: number, epochsInStage: count, learningRate: learningRate))
      }
    }
    let full = LearningRate(
      peak: configuration.learningRate, finalShare: configuration.finalLearningRateShare,
      warmUpSteps: configuration.learningRateWarmUpSteps)
    switch configuration.method {
    case .clip, .roclip:
      add(.plain, configuration.epochs, full)
    case .cleanclip:
      add(.plain, configuration.epochs - configuration.cleaningEpochs, full)
      add(
        .cleaning, configuration.cleaningEpochs,
        LearningRate(peak: configuration.cleaningLearningRate, finalShare: 0, warmUpSteps: 0))
    case .safeclip:
      add(
        .warmUp, configuration.warmUpEpochs,
        LearningRate(
          peak: configuration.warmUpLearningRate, finalShare: 1,
          warmUpSteps: configuration.learningRateWarmUpSteps))
      add(
        .slowPass, endedSlowPasses ?? configuration.slowPasses,
        LearningRate(
          peak: configuration.slowLearningRate,
          finalShare: configuration.slowFinalLearningRateShare, warmUpSteps: 0))
      add(
        .mixed, configuration.epochs - configuration.warmUpEpochs - configuration.slowPasses, full)
    }
    self.epochs = epochs
    splitEpoch = epochs.lastIndex { $0.stage == .warmUp || $0.stage == .slowPass }
  }
}
