import AuditEncoders
import NeuralKit
import Testing

@Suite("The gradient of images")
struct ImageGradientTests {
  /// Weights off their start, where blocks add nothing, with statistics that are not 0 and 1.
  private static func weights(_ batch: TrainingBatch) -> ModelWeights {
    let weights = batch.model.initialWeights(seed: 2)
    var generator = SeededGenerator(seed: 4)
    let flat = weights.parameters.flat
    ReferenceBackend().accumulate(
      Tensor(generator.normals(flat.count), shape: flat.shape), scale: 0.05, into: flat)
    let execution = Execution(backend: ReferenceBackend(), weights: weights, mode: .target)
    for _ in 0..<5 { _ = batch.model.encodeImages(batch.images, execution) }
    return weights
  }

  @Test(
    "is what finite differences say, by running statistics",
    arguments: [ModelTests.small, ModelTests.smallResNet],
    [
      ReplicaSetting(backend: ReferenceBackend(), replicas: 1),
      .init(backend: CPUBackend(), replicas: 1),
    ])
  func finiteDifferences(_ configuration: CLIPConfiguration, _ setting: ReplicaSetting) throws {
    let batch = try ModelTests.batch(configuration, 2)
    let (model, backend) = (batch.model, setting.backend)
    let weights = Self.weights(batch)
    let before = (weights.parameters.flat.scalars, weights.buffers.flat.scalars)
    var generator = SeededGenerator(seed: 9)
    let wanted = Tensor(
      generator.normals(2 * configuration.embeddingWidth), shape: [2, configuration.embeddingWidth])
    let execution = Execution(
      backend: backend, weights: weights,
      gradients: ParameterValues(layout: model.layout.parameters), mode: .frozen)
    let (embeddings, context) = model.encodeImages(batch.images, execution)
    let plain = model.encodeImages(batch.images, execution.inMode(.evaluation)).embeddings
    #expect(largestDifference(embeddings, plain) == 0)
    let gradient = model.gradientOfImages(wanted, context, execution)
    #expect(gradient.shape == batch.images.shape)
    for _ in 0..<4 {
      let direction = Tensor(generator.normals(gradient.count), shape: gradient.shape)
      func value(_ step: Float) -> Double {
        let moved = Tensor(
          zip(batch.images.scalars, direction.scalars).map { $0 + step * $1 }, shape: gradient.shape
        )
        return backend.innerProduct(
          wanted, model.encodeImages(moved, execution.inMode(.evaluation)).embeddings)
      }
      let step: Float = 1e-3
      let expected = (value(step) - value(-step)) / Double(2 * step)
      let found = backend.innerProduct(gradient, direction)
      #expect(abs(found - expected) < 0.02 * max(0.1, abs(expected)), "\(found), not \(expected)")
    }
    #expect(weights.parameters.flat.scalars == before.0 && weights.buffers.flat.scalars == before.1)
  }
}
