import AuditEncoders
import AuditRisk
import NeuralKit

/// All that training carries from one epoch to the next; a checkpoint holds exactly this.
package struct TrainingState: Sendable {
  package let weights: ModelWeights
  package let optimiser: AdamW
  /// Nil where the configuration asks for no pool.
  package var imagePool: NearestNeighbourPool?
  package var captionPool: NearestNeighbourPool?
  /// Epochs finished over all stages.
  package var completedEpochs = 0
  /// Optimiser steps taken over all stages.
  package var optimiserSteps = 0
  /// Optimiser steps taken in the current stage.
  package var stepsInStage = 0
  /// The last trusted cosine similarity of each pair, `[pairCount]`; nil before the first scores.
  package var similarities: [Float]?
  /// The watched pairs' own scores by the model that measured them; nil before the first scores.
  package var watched: PairSample?
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
      guard configuration.poolCapacity > 0 else { return nil }
      var generator = Purpose.pool.generator(seed: seed, number)
      return NearestNeighbourPool(
        capacity: configuration.poolCapacity, width: model.configuration.embeddingWidth,
        using: &generator)
    }
    imagePool = pool(0)
    captionPool = pool(1)
  }
}
