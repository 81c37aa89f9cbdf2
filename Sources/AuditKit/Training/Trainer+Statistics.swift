import AuditEncoders
import NeuralKit

extension Trainer {
  /// Measures batch norm's running statistics anew on plain pairs, before pairs are scored.
  ///
  /// Training sees crops, jitter and blur; scores are of plain images.
  ///
  /// With the statistics that augmented batches left, alignment after the first mixed epoch on 7.8 thousand clip-art pairs was lower by what
  /// docs/method.md tells. Each replica's part of a batch goes through the image tower in training's
  /// statistics, without gradients.
  func settleStatistics(_ state: TrainingState) {
    guard !model.layout.buffers.entries.isEmpty else { return }
    var generator = Purpose.statistics.generator(seed: seed, state.completedEpochs)
    let order = generator.permutation(views.pairCount)
    let size = min(configuration.batchSize, order.count)
    let group = group(forPairs: size)
    for batch in 0..<configuration.statisticsBatches {
      let pairs = (0..<size).map { order[(batch * size + $0) % order.count] }
      group.run { communicator in
        let execution = Execution(
          backend: backend, communicator: communicator, weights: state.weights, mode: .target)
        let own = pairs[
          size * communicator.rank / communicator.count..<size * (communicator.rank + 1)
            / communicator.count]
        _ = model.encodeImages(views.images(of: Array(own), .plain), execution)
      }
    }
  }
}
