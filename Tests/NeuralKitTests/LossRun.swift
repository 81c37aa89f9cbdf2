import NeuralKit

/// A loss over a batch that is divided between replicas, its parts put together.
struct LossRun: Sendable {
  enum Kind: CaseIterable, Sendable { case contrastive, nearestNeighbour }

  /// As each replica was told.
  let values: [Float]
  /// Gradients of the images and texts, or of the views and (not filled) the neighbours.
  let first: Tensor
  let second: Tensor
  /// Summed over replicas.
  let scale: Float

  /// Runs the loss of rows `first` and `second`, `[N, D]`, with the logit scale at `logarithm`.
  init(
    _ kind: Kind, _ first: Tensor, _ second: Tensor, replicas: Int = 1, weight: Float = 1,
    logarithm: Float = 1, backend: any Backend = ReferenceBackend()
  ) {
    var layout = ModelLayout()
    let logitScale = LogitScale(start: logarithm, in: &layout)
    let (finished, weights) = (layout, layout.initialWeights(seed: 1))
    let firstGradient = Tensor(repeating: .nan, shape: first.shape)
    let secondGradient = Tensor(repeating: .nan, shape: second.shape)
    let values = Tensor(repeating: .nan, shape: [replicas])
    let scales = Tensor(repeating: .nan, shape: [replicas])
    ReplicaGroup(count: replicas).run { communicator in
      let gradients = ParameterValues(layout: finished.parameters)
      let execution = Execution(
        backend: backend, communicator: communicator, weights: weights, gradients: gradients,
        mode: .training)
      let (rank, count, items) = (communicator.rank, communicator.count, first.rowCount)
      let part = items * rank / count..<items * (rank + 1) / count
      switch kind {
      case .contrastive:
        let result = ContrastiveLoss(scale: logitScale)(
          images: first.rows(part), texts: second.rows(part), weight: weight, execution)
        Self.copy(result.images, to: firstGradient.rows(part))
        Self.copy(result.texts, to: secondGradient.rows(part))
        values[element: rank] = Float(result.value)
      case .nearestNeighbour:
        let result = NearestNeighbourLoss(scale: logitScale)(
          views: first.rows(part), neighbours: second.rows(part), weight: weight, execution)
        Self.copy(result.views, to: firstGradient.rows(part))
        values[element: rank] = Float(result.value)
      }
      scales[element: rank] = gradients[logitScale.parameter].scalar
    }
    self.values = values.scalars
    self.first = firstGradient
    self.second = secondGradient
    scale = scales.scalars.reduce(0, +)
  }

  var value: Float { values[0] }

  private static func copy(_ source: Tensor, to target: Tensor) {
    for i in 0..<source.count { target[element: i] = source[element: i] }
  }
}
