import AuditEncoders
import AuditRisk
import NeuralKit

/// All that training carries from one epoch to the next; a checkpoint holds exactly this.
package struct TrainingState: Sendable {
  package private(set) var weights: ModelWeights
  package private(set) var optimiser: AdamW
  /// Nil where the configuration asks for no pool, or the method has none.
  package var imagePool: NearestNeighbourPool?
  package var captionPool: NearestNeighbourPool?
  /// The weights at the start of the slow passes, until mixed training begins from them; nil where it does not.
  package var weightsBeforeSlowPasses: ModelWeights?
  /// The slow passes that were made where one gained too little; nil where all were.
  package var endedSlowPasses: Int?
  /// Epochs finished over all stages.
  package var completedEpochs = 0
  /// Optimiser steps since the optimiser's moments were zero.
  package var optimiserSteps = 0
  /// Optimiser steps taken in the current stage.
  package var stepsInStage = 0
  /// The last trusted scores, which tell the similarity of every pair; nil before the first.
  package var scores: EpochScores?
  /// The safe set; nil before the split.
  package var safeSet: SafeSet?

  /// A model at its start.
  package init(
    model: CLIPModel, configuration: TrainingConfiguration, seed: UInt64
  ) {
    weights = model.initialWeights(seed: seed)
    model.logitScale.start(weights.parameters, at: configuration.logitScaleStart)
    optimiser = AdamW(configuration.optimiser, layout: model.layout.parameters)
    func pool(_ number: Int) -> NearestNeighbourPool? {
      guard configuration.poolCapacity > 0, configuration.method == .safeclip else { return nil }
      var generator = Purpose.pool.generator(seed: seed, number)
      return NearestNeighbourPool(
        capacity: configuration.poolCapacity, width: model.configuration.embeddingWidth,
        using: &generator)
    }
    imagePool = pool(0)
    captionPool = pool(1)
  }
}

extension TrainingState {
  /// Keeps the weights as they are, for mixed training to begin from.
  mutating func keepWeights() { weightsBeforeSlowPasses = weights.copied() }

  /// Goes on with an optimiser that has not seen a step.
  mutating func forgetMoments(_ model: CLIPModel, _ configuration: TrainingConfiguration) {
    optimiser = AdamW(configuration.optimiser, layout: model.layout.parameters)
    optimiserSteps = 0
  }

  /// Takes the kept weights, if there are any, with an optimiser that has not seen a step.
  mutating func rewind(_ model: CLIPModel, _ configuration: TrainingConfiguration) {
    guard let kept = weightsBeforeSlowPasses else { return }
    weights = kept
    weightsBeforeSlowPasses = nil
    forgetMoments(model, configuration)
  }
}
