import AuditEncoders
import NeuralKit
import Synchronization

/// A model with an optimiser and a made-up batch, ready to take training steps as training does: one
/// replica a thread, each with its part of the batch.
package struct StepRig: Sendable {
  package let model: CLIPModel
  package let batchSize: Int
  package let replicas: ReplicaGroup
  private let weights: ModelWeights
  private let optimiser: AdamW
  private let gradients: [ParameterValues]
  /// For each replica its part.
  private let images: [Tensor]
  private let tokens: [[Int32]]

  /// Random pixels, and captions that fill the context, so that nothing is left out.
  ///
  /// - Throws: `EncoderError` where the configuration is no model.
  package init(
    _ configuration: CLIPConfiguration, batchSize: Int, replicas: ReplicaGroup
  ) throws(EncoderError) {
    let model = try CLIPModel(configuration)
    self.model = model
    self.batchSize = batchSize
    self.replicas = replicas
    weights = model.initialWeights(seed: 1)
    optimiser = AdamW(layout: model.layout.parameters)
    gradients = (0..<replicas.count).map { _ in ParameterValues(layout: model.layout.parameters) }
    let counts = (0..<replicas.count).map {
      batchSize * ($0 + 1) / replicas.count - batchSize * $0 / replicas.count
    }
    let edge = configuration.vision.imageSize
    images = counts.enumerated().map { rank, count in
      var random = SeededGenerator(seed: 1, 0, UInt64(rank))
      return Tensor(random.normals(count * edge * edge * 3), shape: [count, edge, edge, 3])
    }
    tokens = counts.enumerated().map { rank, count in
      Self.captions(count, configuration.text, rank: rank)
    }
  }

  private static func captions(_ count: Int, _ text: TextConfiguration, rank: Int) -> [Int32] {
    var random = SeededGenerator(seed: 1, 1, UInt64(rank))
    let end = text.vocabularySize - 1
    return (0..<count * text.contextLength).map { place in
      let isLast = place % text.contextLength == text.contextLength - 1
      return Int32(isLast ? end : random.index(below: end))
    }
  }

  /// Takes step `number`, counted from 1, and returns the loss; `probes`, one a replica, watch it.
  @discardableResult
  package func step(_ number: Int, probes: [StepProbe]? = nil) -> Double {
    let loss = Mutex(0.0)
    replicas.run { communicator in
      let value = step(number, communicator, probes?[communicator.rank])
      if communicator.rank == 0 { loss.withLock { $0 = value } }
    }
    return loss.withLock(\.self)
  }

  private func step(
    _ number: Int, _ communicator: any Communicator, _ probe: StepProbe?
  ) -> Double {
    let rank = communicator.rank
    let backend: any Backend = probe.map { ProfiledBackend($0) } ?? CPUBackend()
    let execution = Execution(
      backend: backend,
      communicator: probe.map { ProfiledCommunicator(communicator, $0) } ?? communicator,
      weights: weights, gradients: gradients[rank], mode: .training)
    probe?.enter(.optimiser)
    backend.fillInPlace(gradients[rank].flat, 0)
    probe?.enter(.imageForward)
    let (imageEmbeddings, imageContext) = model.encodeImages(images[rank], execution)
    probe?.enter(.textForward)
    let (textEmbeddings, textContext) = model.encodeTexts(tokens[rank], execution)
    probe?.enter(.loss)
    let loss = ContrastiveLoss(scale: model.logitScale)(
      images: imageEmbeddings, texts: textEmbeddings, execution)
    probe?.enter(.imageBackward)
    model.backwardImages(loss.images, imageContext, execution)
    probe?.enter(.textBackward)
    model.backwardTexts(loss.texts, textContext, execution)
    probe?.enter(.optimiser)
    optimiser.step(number: number, learningRate: 1e-4, execution)
    if rank == 0 { model.logitScale.clamp(weights.parameters) }
    execution.communicator.barrier()
    probe?.leave()
    return loss.value
  }
}
