import Foundation
import NeuralKit
import Testing

@Suite("Layers")
struct LayerTests {
  @Test("a model starts the same from the same seed, and otherwise from another")
  func initialWeightsFollowTheSeed() {
    var layout = ModelLayout()
    _ = Linear("a", inputs: 30, outputs: 20, in: &layout)
    _ = BatchNorm("b", channels: 5, relu: true, in: &layout)
    let first = layout.initialWeights(seed: 1).parameters.flat.scalars
    #expect(first == layout.initialWeights(seed: 1).parameters.flat.scalars)
    #expect(first != layout.initialWeights(seed: 2).parameters.flat.scalars)
  }

  @Test("a parameter added later does not change what others start from")
  func initialWeightsDoNotShift() {
    var short = ModelLayout()
    _ = Linear("a", inputs: 3, outputs: 2, in: &short)
    var long = short
    _ = Linear("b", inputs: 9, outputs: 9, in: &long)
    let (a, b) = (short.initialWeights(seed: 5), long.initialWeights(seed: 5))
    #expect(a.parameters.entry(0).scalars == b.parameters.entry(0).scalars)
  }

  @Test(arguments: [
    (InitialValues.normal(deviation: 0.02), 0.02), (.uniform(bound: 0.3), 0.3 / 3.0.squareRoot()),
    (.standard(fanIn: 64), 0.125 / 3.0.squareRoot()),
    (.glorot(fanIn: 10, fanOut: 20), 0.2.squareRoot() / 3.0.squareRoot()), (.constant(2), 0),
  ])
  func initialValuesHaveTheirDeviation(_ start: InitialValues, _ deviation: Double) {
    var generator = SeededGenerator(seed: 9)
    let tensor = Tensor(uninitialized: [40_000])
    start.fill(tensor, using: &generator)
    let values = tensor.scalars.map(Double.init)
    let mean = values.reduce(0, +) / Double(values.count)
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
    #expect(abs(variance.squareRoot() - deviation) <= 0.02 * deviation)
  }

  @Test("batch norm is that of the whole batch on any number of replicas", arguments: [1, 2, 3, 5])
  func batchNormStatisticsAreMerged(_ replicas: Int) throws {
    var layout = ModelLayout()
    let layer = BatchNorm("norm", channels: 4, relu: true, in: &layout)
    // A large mean, where merging sums of squares would lose all digits.
    let x = normalTensor([7, 3, 2, 4], seed: 1)
    for i in 0..<x.count { x[element: i] = 1000 + 0.1 * x[element: i] }
    let expected = Self.run(layer, layout, x, replicas: 1)
    let found = Self.run(layer, layout, x, replicas: replicas)
    for (a, b) in zip(expected.output + expected.gradient, found.output + found.gradient) {
      #expect(abs(a - b) <= 2e-3)
    }
    for (a, b) in zip(expected.buffers, found.buffers) { #expect(abs(a - b) <= 1e-5 * abs(a)) }
  }

  private struct Run {
    var output: [Float] = []
    var gradient: [Float] = []
    var buffers: [Float] = []
  }

  /// Output, input gradient and buffers, the parts put together.
  private static func run(
    _ layer: BatchNorm, _ layout: ModelLayout, _ x: Tensor, replicas: Int
  ) -> Run {
    let weights = layout.initialWeights(seed: 1)
    let outputs = Tensor(uninitialized: x.shape)
    let gradients = Tensor(uninitialized: x.shape)
    let probe = normalTensor(x.shape, seed: 2)
    ReplicaGroup(count: replicas).run { communicator in
      let execution = Execution(
        backend: ReferenceBackend(), communicator: communicator, weights: weights,
        gradients: ParameterValues(layout: layout.parameters), mode: .training)
      let (rank, count, items) = (communicator.rank, communicator.count, x.shape[0])
      let part = items * rank / count..<items * (rank + 1) / count
      let (output, context) = layer.forward(x.rows(part), execution)
      let gradient = layer.backward(probe.rows(part), context, execution).x
      for (whole, own) in [(outputs, output), (gradients, gradient)] {
        let target = whole.rows(part)
        for i in 0..<own.count { target[element: i] = own[element: i] }
      }
    }
    return Run(
      output: outputs.scalars, gradient: gradients.scalars, buffers: weights.buffers.flat.scalars)
  }

  @Test("in evaluation batch norm is a fixed function of each item")
  func batchNormInEvaluationIgnoresTheBatch() {
    var layout = ModelLayout()
    let layer = BatchNorm("norm", channels: 2, relu: false, in: &layout)
    let weights = layout.initialWeights(seed: 1)
    weights.buffers[layer.runningMean][element: 0] = 3
    weights.buffers[layer.runningVariance][element: 0] = 4
    let execution = Execution(backend: ReferenceBackend(), weights: weights, mode: .evaluation)
    let output = layer.forward(Tensor([5, 1, 3, -1], shape: [2, 1, 1, 2]), execution).output
    for (found, expected) in zip(output.scalars, [1, 1, 0, -1] as [Float]) {
      #expect(abs(found - expected) < 1e-5)
    }
    #expect(weights.buffers[layer.batchesTracked].scalar == 0)
  }

  @Test("a transformer's pooled positions are what the blocks give without pooling")
  func poolingComputesTheSameRows() {
    var layout = ModelLayout()
    let shape = TransformerShape(
      width: 8, layers: 1, heads: 2, hiddenWidth: 12, activation: .quickGELU, causal: true)
    let transformer = Transformer("t", shape, start: .standard(shape), in: &layout)
    let execution = Execution(
      backend: ReferenceBackend(), weights: layout.initialWeights(seed: 3), mode: .evaluation)
    let x = normalTensor([3, 5, 8], seed: 4)
    let all = transformer.blocks[0].forward(x, execution).output
    let pooled = transformer.forward(x, pooling: [4, 0, 2], execution).output
    for (item, position) in [4, 0, 2].enumerated() {
      let expected = all.reshaped([15, 8]).rows(item * 5 + position..<item * 5 + position + 1)
      #expect(pooled.rows(item..<item + 1).scalars == expected.scalars)
    }
  }

  @Test("a causal position does not see what comes after it")
  func causalAttentionLooksBackOnly() {
    var layout = ModelLayout()
    let shape = TransformerShape(
      width: 8, layers: 2, heads: 4, hiddenWidth: 8, activation: .gelu, causal: true)
    let transformer = Transformer("t", shape, start: .standard(shape), in: &layout)
    let execution = Execution(
      backend: ReferenceBackend(), weights: layout.initialWeights(seed: 3), mode: .evaluation)
    let x = normalTensor([1, 6, 8], seed: 5)
    let before = transformer.forward(x, pooling: [3], execution).output.scalars
    for i in 4 * 8..<6 * 8 { x[element: i] = 99 }
    #expect(transformer.forward(x, pooling: [3], execution).output.scalars == before)
    x[element: 3 * 8 - 1] = 99
    #expect(transformer.forward(x, pooling: [3], execution).output.scalars != before)
  }
}
