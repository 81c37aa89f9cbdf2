import NeuralKit
import Testing

@Suite("The gradient of each layer is the slope of its forward pass")
struct LayerGradientTests {
  static let tolerance = 1e-2
  static let backends: [any Backend & Sendable] = [ReferenceBackend(), CPUBackend()]

  private func expectGradients(
    _ layout: ModelLayout, inputs: [Tensor],
    forward: @escaping (Execution) -> Tensor,
    backward: @escaping (Execution, Tensor) -> [Tensor],
    location: SourceLocation = #_sourceLocation
  ) {
    for backend in Self.backends {
      for seed in 1...3 as ClosedRange<UInt64> {
        let finding = LayerGradientCheck(
          layout: layout, inputs: inputs, forward: forward, backward: backward, backend: backend
        ).worst(seed: seed)
        #expect(
          finding.error < Self.tolerance, "\(type(of: backend)), seed \(seed): \(finding)",
          sourceLocation: location)
      }
    }
  }

  private func expectGradients(
    of layer: some Layer, _ layout: ModelLayout, input shape: [Int],
    location: SourceLocation = #_sourceLocation
  ) {
    let x = normalTensor(shape, seed: 3)
    expectGradients(
      layout, inputs: [x], forward: { layer.forward(x, $0).output },
      backward: { execution, gradient in
        let context = layer.forward(x, execution).context
        return [layer.backward(gradient, context, execution)]
      }, location: location)
  }

  @Test func linear() {
    var layout = ModelLayout()
    let layer = Linear("linear", inputs: 5, outputs: 3, in: &layout)
    expectGradients(of: layer, layout, input: [7, 5])
  }

  @Test func projection() {
    var layout = ModelLayout()
    let layer = Projection(
      "projection", inputs: 4, outputs: 6, .normal(deviation: 1), in: &layout)
    expectGradients(of: layer, layout, input: [3, 4])
  }

  @Test(arguments: [(1, 1, 0), (3, 1, 1), (3, 2, 1), (2, 2, 0)])
  func convolution(_ size: Int, _ stride: Int, _ padding: Int) {
    var layout = ModelLayout()
    let layer = Convolution(
      "convolution", inputs: 3, outputs: 2, size: size, stride: stride, padding: padding,
      in: &layout)
    expectGradients(of: layer, layout, input: [2, 5, 7, 3])
  }

  @Test func layerNorm() {
    var layout = ModelLayout()
    let layer = LayerNorm("norm", width: 9, in: &layout)
    expectGradients(of: layer, layout, input: [5, 9])
  }

  @Test(arguments: [true, false], [true, false])
  func batchNorm(_ relu: Bool, _ hasResidual: Bool) {
    var layout = ModelLayout()
    let layer = BatchNorm("norm", channels: 3, relu: relu, in: &layout)
    let x = normalTensor([3, 4, 5, 3], seed: 4)
    let residual = normalTensor(x.shape, seed: 5)
    expectGradients(
      layout, inputs: hasResidual ? [x, residual] : [x],
      forward: { layer.forward(x, adding: hasResidual ? residual : nil, $0).output },
      backward: { execution, gradient in
        let context = layer.forward(x, adding: hasResidual ? residual : nil, execution).context
        let (dx, dResidual) = layer.backward(gradient, context, execution)
        return [dx] + [dResidual].compactMap { $0 }
      })
  }

  @Test func embedding() {
    var layout = ModelLayout()
    let layer = Embedding("tokens", count: 6, width: 4, .normal(deviation: 1), in: &layout)
    let tokens: [Int32] = [5, 0, 5, 2, 5]
    expectGradients(
      layout, inputs: [], forward: { layer.forward(tokens, $0) },
      backward: { execution, gradient in
        layer.backward(gradient, tokens, execution)
        return []
      })
  }

  @Test(arguments: [true, false], [nil, [1, 5, 6]] as [[Int32]?])
  func multiHeadAttention(_ causal: Bool, _ kept: [Int32]?) {
    var layout = ModelLayout()
    let shape = Self.shape(causal: causal)
    let layer = MultiHeadAttention(
      "attention", width: shape.width, heads: shape.heads, causal: causal,
      start: .standard(shape), in: &layout)
    let x = normalTensor([3, 3, 6], seed: 6)
    expectGradients(
      layout, inputs: [x], forward: { layer.forward(x, keeping: kept, $0).output },
      backward: { execution, gradient in
        let context = layer.forward(x, keeping: kept, execution).context
        return [layer.backward(gradient, context, x: x, execution)]
      })
  }

  @Test(arguments: [Activation.identity, .relu, .gelu, .quickGELU])
  func feedForward(_ activation: Activation) {
    var layout = ModelLayout()
    let shape = Self.shape(causal: false)
    let layer = FeedForward(
      "mlp", width: 6, hiddenWidth: 11, activation: activation, start: .scaled(shape),
      in: &layout)
    let x = normalTensor([4, 6], seed: 7)
    expectGradients(
      layout, inputs: [x], forward: { layer.forward(x, $0).output },
      backward: { execution, gradient in
        let context = layer.forward(x, execution).context
        return [layer.backward(gradient, context, x: x, execution)]
      })
  }

  @Test(arguments: [true, false])
  func transformer(_ causal: Bool) {
    var layout = ModelLayout()
    let shape = Self.shape(causal: causal)
    let layer = Transformer("transformer", shape, start: .scaled(shape), in: &layout)
    let x = normalTensor([3, 4, 6], seed: 8)
    let pooled = [3, 0, 2]
    expectGradients(
      layout, inputs: [x], forward: { layer.forward(x, pooling: pooled, $0).output },
      backward: { execution, gradient in
        let context = layer.forward(x, pooling: pooled, execution).context
        return [layer.backward(gradient, context, execution)]
      })
  }

  @Test func attentionPool() {
    var layout = ModelLayout()
    let layer = AttentionPool("pool", positions: 6, width: 8, heads: 2, outputs: 5, in: &layout)
    let x = normalTensor([3, 2, 3, 8], seed: 9)
    expectGradients(
      layout, inputs: [x], forward: { layer.forward(x, $0).output },
      backward: { execution, gradient in
        let context = layer.forward(x, execution).context
        return [layer.backward(gradient, context, execution)]
      })
  }

  @Test func averagePoolAndRowNormalisation() {
    let x = normalTensor([2, 5, 5, 3], seed: 10)
    expectGradients(
      ModelLayout(), inputs: [x],
      forward: { $0.backend.normalizeRows($0.backend.averagePool(x, size: 2)).output },
      backward: { execution, gradient in
        let pooled = execution.backend.averagePool(x, size: 2)
        let (output, lengths) = execution.backend.normalizeRows(pooled)
        let pooledGradient = execution.backend.normalizeRowsBackward(
          gradient, output: output, lengths: lengths)
        return [
          execution.backend.averagePoolBackward(pooledGradient, size: 2, inputShape: x.shape)
        ]
      })
  }

  @Test("the check itself finds a gradient that is 3 % too long, and one of a wrong sign")
  func findsWrongGradients() {
    var layout = ModelLayout()
    let layer = Linear("linear", inputs: 5, outputs: 3, in: &layout)
    let x = normalTensor([7, 5], seed: 11)
    for factor in [1.03, -1] as [Float] {
      let finding = LayerGradientCheck(
        layout: layout, inputs: [x], forward: { layer.forward(x, $0).output },
        backward: { execution, gradient in
          let right = layer.backward(gradient, x, execution)
          let wrong = Tensor(repeating: 0, shape: right.shape)
          execution.backend.accumulate(right, scale: factor, into: wrong)
          return [wrong]
        }
      ).worst(seed: 1)
      #expect(finding.error > Self.tolerance && finding.place == "input 0", "\(finding)")
    }
    let forgetful = LayerGradientCheck(
      layout: layout, inputs: [x], forward: { layer.forward(x, $0).output },
      backward: { execution, gradient in
        [layer.backwardProduct(gradient, x, execution)]
      }
    ).worst(seed: 1)
    #expect(forgetful.error > Self.tolerance && forgetful.place == "linear.bias")
  }

  private static func shape(causal: Bool) -> TransformerShape {
    TransformerShape(
      width: 6, layers: 2, heads: 2, hiddenWidth: 9, activation: .gelu, causal: causal)
  }
}
