import AuditEncoders
import NeuralKit

/// A batch of pairs that is divided between replicas, and CLIP training on it.
struct TrainingBatch: Sendable {
  let model: CLIPModel
  /// `[N, S, S, 3]`.
  let images: Tensor
  /// `[N * contextLength]`.
  let tokens: [Int32]

  /// What the replicas have computed together.
  struct Outcome: Sendable {
    var loss = Double.nan
    /// Embeddings of the whole batch.
    var images: Tensor
    var texts: Tensor
    /// The sum over all replicas.
    var gradients: ParameterValues
  }

  /// One forward and backward pass, and what `then` does on each replica behind it.
  func forwardBackward(
    _ weights: ModelWeights, _ setting: ReplicaSetting,
    then: @escaping @Sendable (Execution) -> Void = { _ in }
  ) -> Outcome {
    let outcomes = setting.limited(to: images.shape[0]).run { communicator in
      let execution = Execution(
        backend: setting.backend, communicator: communicator, weights: weights,
        gradients: ParameterValues(layout: model.layout.parameters), mode: .training)
      let outcome = forwardBackward(execution)
      then(execution)
      return outcome
    }
    var sum = outcomes[0]
    for outcome in outcomes { precondition(outcome.loss == sum.loss) }
    sum.images = concatenated(outcomes.map(\.images))
    sum.texts = concatenated(outcomes.map(\.texts))
    sum.gradients = ParameterValues(layout: model.layout.parameters)
    for outcome in outcomes {
      ReferenceBackend().accumulate(
        outcome.gradients.flat, scale: 1, into: sum.gradients.flat)
    }
    return sum
  }

  /// Embeddings by the running statistics, each replica its part.
  func evaluate(_ weights: ModelWeights, _ setting: ReplicaSetting) -> (Tensor, Tensor) {
    let parts = setting.limited(to: images.shape[0]).run { communicator in
      let execution = Execution(
        backend: setting.backend, communicator: communicator, weights: weights, mode: .evaluation)
      let part = ReplicaSetting.share(of: images.shape[0], communicator)
      return (
        model.encodeImages(images.rows(part), execution).embeddings,
        model.encodeTexts(tokens(part), execution).embeddings
      )
    }
    return (concatenated(parts.map(\.0)), concatenated(parts.map(\.1)))
  }

  /// One replica's part, its gradients copied before anything else happens to them.
  private func forwardBackward(_ execution: Execution) -> Outcome {
    let part = ReplicaSetting.share(of: images.shape[0], execution.communicator)
    let (z, imageContext) = model.encodeImages(images.rows(part), execution)
    let (w, textContext) = model.encodeTexts(tokens(part), execution)
    let loss = ContrastiveLoss(scale: model.logitScale)(images: z, texts: w, execution)
    model.backwardImages(loss.images, imageContext, execution)
    model.backwardTexts(loss.texts, textContext, execution)
    let gradients = ParameterValues(layout: model.layout.parameters)
    if let own = execution.gradients {
      ReferenceBackend().accumulate(own.flat, scale: 1, into: gradients.flat)
    }
    return Outcome(loss: loss.value, images: z, texts: w, gradients: gradients)
  }

  private func tokens(_ part: Range<Int>) -> [Int32] {
    let length = model.configuration.text.contextLength
    return Array(tokens[part.lowerBound * length..<part.upperBound * length])
  }

  private func concatenated(_ parts: [Tensor]) -> Tensor {
    Tensor(
      parts.flatMap(\.scalars),
      shape: [parts.reduce(0) { $0 + $1.rowCount }, parts[0].columnCount])
  }
}
