import NeuralKit

/// The CPU backend with every operation counted by its kind.
struct ProfiledBackend: Backend {
  let base = CPUBackend()
  let probe: StepProbe

  init(_ probe: StepProbe) { self.probe = probe }

  // MARK: Products

  func product(
    _ a: Tensor, transposed aTransposed: Bool, _ b: Tensor, transposed bTransposed: Bool,
    scale: Float
  ) -> Tensor {
    probe.measure(.product, operations: Self.operations(a, b, bTransposed)) {
      base.product(a, transposed: aTransposed, b, transposed: bTransposed, scale: scale)
    }
  }

  func accumulateProduct(
    _ a: Tensor, transposed aTransposed: Bool, _ b: Tensor, transposed bTransposed: Bool,
    scale: Float, into sum: Tensor
  ) {
    probe.measure(.product, operations: Self.operations(a, b, bTransposed)) {
      base.accumulateProduct(
        a, transposed: aTransposed, b, transposed: bTransposed, scale: scale, into: sum)
    }
  }

  func convolution(_ x: Tensor, weight: Tensor, stride: Int, padding: Int) -> Tensor {
    let edges = (1...2).map { (x.shape[$0] + 2 * padding - weight.shape[2]) / stride + 1 }
    let pixels = x.shape[0] * edges[0] * edges[1]
    return probe.measure(Self.kind(weight), operations: Double(2 * pixels * weight.count)) {
      base.convolution(x, weight: weight, stride: stride, padding: padding)
    }
  }

  func convolutionBackward(
    _ gradient: Tensor, x: Tensor, weight: Tensor, stride: Int, padding: Int,
    accumulatingInto weightGradient: Tensor, needsInputGradient: Bool
  ) -> Tensor? {
    let operations = 2 * gradient.rowCount * weight.count * (needsInputGradient ? 2 : 1)
    return probe.measure(Self.kind(weight), operations: Double(operations)) {
      base.convolutionBackward(
        gradient, x: x, weight: weight, stride: stride, padding: padding,
        accumulatingInto: weightGradient, needsInputGradient: needsInputGradient)
    }
  }

  private static func operations(_ a: Tensor, _ b: Tensor, _ bTransposed: Bool) -> Double {
    2 * Double(a.count) * Double(bTransposed ? b.rowCount : b.columnCount)
  }

  private static func kind(_ weight: Tensor) -> OperationKind {
    weight.shape[2] == 1 ? .pointwiseConvolution : .convolution
  }

  // MARK: Attention

  func attention(
    query: ColumnSlice, key: ColumnSlice, value: ColumnSlice, batch: Int, heads: Int,
    causal: Bool
  ) -> (output: Tensor, probabilities: Tensor) {
    probe.measure(.attention) {
      base.attention(
        query: query, key: key, value: value, batch: batch, heads: heads, causal: causal)
    }
  }

  func attentionBackward(
    _ gradient: Tensor, probabilities: Tensor, query: ColumnSlice, key: ColumnSlice,
    value: ColumnSlice, batch: Int, heads: Int, queryGradient: ColumnSlice,
    keyGradient: ColumnSlice, valueGradient: ColumnSlice
  ) {
    probe.measure(.attention) {
      base.attentionBackward(
        gradient, probabilities: probabilities, query: query, key: key, value: value,
        batch: batch, heads: heads, queryGradient: queryGradient, keyGradient: keyGradient,
        valueGradient: valueGradient)
    }
  }

  // MARK: Losses and optimiser

  func crossEntropy(
    _ logits: Tensor, targets: [Int32], gradientScale: Float
  ) -> (losses: Tensor, gradient: Tensor) {
    probe.measure(.loss) {
      base.crossEntropy(logits, targets: targets, gradientScale: gradientScale)
    }
  }

  func nearestRows(_ queries: Tensor, in pool: Tensor) -> [Int32] {
    probe.measure(.loss) { base.nearestRows(queries, in: pool) }
  }

  func total(_ x: Tensor) -> Double { probe.measure(.loss) { base.total(x) } }

  func innerProduct(_ x: Tensor, _ y: Tensor) -> Double {
    probe.measure(.loss) { base.innerProduct(x, y) }
  }

  func adamWInPlace(
    values: Tensor, gradients: Tensor, firstMoments: Tensor, secondMoments: Tensor,
    step: AdamWStep
  ) {
    probe.measure(.optimiser) {
      base.adamWInPlace(
        values: values, gradients: gradients, firstMoments: firstMoments,
        secondMoments: secondMoments, step: step)
    }
  }
}
