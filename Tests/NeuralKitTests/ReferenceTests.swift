import NeuralKit
import Testing

/// Small cases that can be followed by hand, for what the reference backend means by each operation.
@Suite("The reference backend")
struct ReferenceTests {
  let backend = ReferenceBackend()

  private func expect(
    _ found: Tensor, _ scalars: [Float], _ shape: [Int],
    location: SourceLocation = #_sourceLocation
  ) {
    expectClose(found, Tensor(scalars, shape: shape), tolerance: 1e-6, sourceLocation: location)
  }

  @Test func productsOfAllTranspositions() {
    let a = Tensor([1, 2, 3, 4, 5, 6], shape: [2, 3])
    let aT = Tensor([1, 4, 2, 5, 3, 6], shape: [3, 2])
    let b = Tensor([1, 0, 2, 1, 0, 3], shape: [3, 2])
    let bT = Tensor([1, 2, 0, 0, 1, 3], shape: [2, 3])
    for (left, transposedLeft) in [(a, false), (aT, true)] {
      for (right, transposedRight) in [(b, false), (bT, true)] {
        let product = backend.product(
          left, transposed: transposedLeft, right, transposed: transposedRight, scale: 2)
        expect(product, [10, 22, 28, 46], [2, 2])
        backend.accumulateProduct(
          left, transposed: transposedLeft, right, transposed: transposedRight, scale: -2,
          into: product)
        expect(product, [0, 0, 0, 0], [2, 2])
      }
    }
  }

  @Test func convolutionReadsWeightsAsOutputsInputsRowsColumns() {
    // One input channel 1...9, kernel [[1, 0], [0, 2]]: x[i, j] + 2 x[i + 1, j + 1].
    let x = Tensor((1...9).map { Float($0) }, shape: [1, 3, 3, 1])
    let kernel = Tensor([1, 0, 0, 2], shape: [1, 1, 2, 2])
    expect(
      backend.convolution(x, weight: kernel, stride: 1, padding: 0), [11, 14, 20, 23],
      [1, 2, 2, 1])
    // With a border of zeros, every second place.
    expect(
      backend.convolution(x, weight: kernel, stride: 2, padding: 1), [2, 6, 14, 23],
      [1, 2, 2, 1])
    // Channels: output 0 takes channel 0, output 1 the difference.
    let pixels = Tensor([5, 3, 7, 1], shape: [1, 1, 2, 2])
    let mixing = Tensor([1, 0, 1, -1], shape: [2, 2, 1, 1])
    expect(
      backend.convolution(pixels, weight: mixing, stride: 1, padding: 0), [5, 2, 7, 6],
      [1, 1, 2, 2])
  }

  @Test func convolutionBackwardLeavesTheInputAloneWhereToldTo() {
    let x = Tensor([1, 2, 3, 4], shape: [1, 2, 2, 1])
    let kernel = Tensor([2], shape: [1, 1, 1, 1])
    let slope = Tensor([1, 1, 1, 1], shape: [1, 2, 2, 1])
    let weightGradient = Tensor([100], shape: [1, 1, 1, 1])
    #expect(
      backend.convolutionBackward(
        slope, x: x, weight: kernel, stride: 1, padding: 0, accumulatingInto: weightGradient,
        needsInputGradient: false) == nil)
    #expect(weightGradient.scalar == 110)
  }

  @Test func attentionWeighsValuesBySoftmax() {
    // Equal keys: every visible position counts the same.
    let packed = Tensor([1, 0, 2, 1, 0, 4, 1, 0, 6], shape: [3, 3])
    func attend(causal: Bool) -> (output: Tensor, probabilities: Tensor) {
      backend.attention(
        query: ColumnSlice(packed, start: 0, width: 1),
        key: ColumnSlice(packed, start: 1, width: 1),
        value: ColumnSlice(packed, start: 2, width: 1), batch: 1, heads: 1, causal: causal)
    }
    expect(attend(causal: false).output, [4, 4, 4], [3, 1])
    expect(attend(causal: true).output, [2, 3, 4], [3, 1])
    expect(
      attend(causal: true).probabilities, [1, 0, 0, 0.5, 0.5, 0, 1 / 3, 1 / 3, 1 / 3],
      [1, 1, 3, 3])
  }

  @Test func momentsAreMeanAndSquaredDeviations() {
    let x = Tensor([1, 10, 3, 10], shape: [2, 2])
    expect(backend.columnMoments(x), [2, 10, 2, 0], [2, 2])
    expect(backend.columnMoments(Tensor([], shape: [0, 2])), [0, 0, 0, 0], [2, 2])
  }

  @Test func columnsAreNormalisedThenAddedToThenCutAtZero() {
    let x = Tensor([1, 3], shape: [2, 1])
    func vector(_ value: Float) -> Tensor { Tensor([value], shape: [1]) }
    func normalised(_ residual: Tensor?, _ relu: Bool) -> Tensor {
      backend.normalizeColumns(
        x, mean: vector(2), inverseDeviation: vector(0.5), weight: vector(4), bias: vector(1),
        residual: residual, relu: relu)
    }
    expect(normalised(nil, false), [-1, 3], [2, 1])
    expect(normalised(nil, true), [0, 3], [2, 1])
    expect(normalised(Tensor([2, -9], shape: [2, 1]), true), [1, 0], [2, 1])
  }

  @Test func layerNormKeepsMeanAndInverseDeviation() {
    let (output, statistics) = backend.layerNorm(
      Tensor([1, 3, 5, 5], shape: [2, 2]), weight: Tensor([1, 2], shape: [2]),
      bias: Tensor([0, 1], shape: [2]), epsilon: 0.25)
    let inverse = 1 / Float(1.25).squareRoot()
    expect(output, [-inverse, 2 * inverse + 1, 0, 1], [2, 2])
    expect(statistics, [2, inverse, 5, 2], [2, 2])
  }

  @Test func zeroRowsStayZero() {
    let (output, lengths) = backend.normalizeRows(Tensor([3, 4, 0, 0], shape: [2, 2]))
    expect(output, [0.6, 0.8, 0, 0], [2, 2])
    expect(lengths, [5, 0], [2])
    let gradient = backend.normalizeRowsBackward(
      Tensor([1, 0, 1, 1], shape: [2, 2]), output: output, lengths: lengths)
    expect(gradient, [0.128, -0.096, 0, 0], [2, 2])
  }

  @Test func activationsAtKnownPoints() {
    let x = Tensor([-1, 0, 1], shape: [1, 3])
    expect(backend.activate(x, bias: nil, .relu).output, [0, 0, 1], [1, 3])
    expect(
      backend.activate(x, bias: nil, .gelu).output, [-0.158_655_25, 0, 0.841_344_75], [1, 3])
    expect(
      backend.activate(x, bias: nil, .quickGELU).output, [-0.154_204_9, 0, 0.845_795_1], [1, 3])
    let (output, input) = backend.activate(x, bias: Tensor([1, 2, 3], shape: [3]), .identity)
    expect(output, [0, 2, 4], [1, 3])
    expect(input, [0, 2, 4], [1, 3])
    // The bias's gradient is the column sums, added to what is there.
    let bias = Tensor([10, 10, 10], shape: [3])
    let gradient = backend.activateBackward(
      Tensor([1, 1, 1], shape: [1, 3]), input: x, .relu, accumulatingBias: bias)
    expect(gradient, [0, 0, 1], [1, 3])
    expect(bias, [10, 10, 11], [3])
  }

  @Test func additionRepeatsTheShorterOperand() {
    let a = Tensor([1, 2, 3, 4], shape: [4, 1])
    let b = Tensor([10, 20], shape: [2, 1])
    expect(backend.add(a, b), [11, 22, 13, 24], [4, 1])
    backend.accumulate(a, scale: 2, into: b)
    expect(b, [18, 32], [2, 1])
  }

  @Test func averagePoolLeavesOutTheRest() {
    let x = Tensor((0..<15).map { Float($0) }, shape: [1, 3, 5, 1])
    expect(backend.averagePool(x, size: 2), [3, 5], [1, 1, 2, 1])
    let gradient = backend.averagePoolBackward(
      Tensor([4, 8], shape: [1, 1, 2, 1]), size: 2, inputShape: x.shape)
    expect(gradient, [1, 1, 2, 2, 0, 1, 1, 2, 2, 0, 0, 0, 0, 0, 0], [1, 3, 5, 1])
  }

  @Test func positionsAreJoinedCutAndAveraged() {
    let a = Tensor([9], shape: [1, 1, 1])
    let b = Tensor([1, 2, 3, 4], shape: [2, 2, 1])
    let joined = backend.concatenatePositions(a, b)
    expect(joined, [9, 1, 2, 9, 3, 4], [2, 3, 1])
    expect(backend.positions(joined, 1..<3), [1, 2, 3, 4], [2, 2, 1])
    expect(backend.meanOverPositions(b), [1.5, 3.5], [2, 1])
    expect(
      backend.meanOverPositionsBackward(Tensor([2, 4], shape: [2, 1]), length: 2), [1, 1, 2, 2],
      [2, 2, 1])
  }

  @Test func rowsAreGatheredAndScatteredWithRepetition() {
    let table = Tensor([1, 2, 3, 4, 5, 6], shape: [3, 2])
    let rows = backend.gatherRows(table, [2, 0, 2])
    expect(rows, [5, 6, 1, 2, 5, 6], [3, 2])
    backend.accumulateRows(rows, [2, 0, 2], into: table)
    expect(table, [2, 4, 3, 4, 15, 18], [3, 2])
  }

  @Test func crossEntropyAndItsGradient() {
    let (losses, gradient) = backend.crossEntropy(
      Tensor([0, 0, 1000, 0], shape: [2, 2]), targets: [1, 0], gradientScale: 2)
    expect(losses, [0.693_147_2, 0], [2])
    expect(gradient, [1, -1, 0, 0], [2, 2])
  }

  @Test func nearestRowTakesTheFirstOfEquals() {
    let pool = Tensor([1, 0, 0, 1, 1, 0], shape: [3, 2])
    #expect(backend.nearestRows(Tensor([1, 0, 0, 1], shape: [2, 2]), in: pool) == [0, 1])
  }

  @Test func sumsAreInDoublePrecision() {
    let x = Tensor([Float](repeating: 0.1, count: 1_000_003), shape: [1_000_003])
    #expect(abs(backend.total(x) - 1_000_003 * Double(Float(0.1))) < 1e-6)
    #expect(abs(backend.innerProduct(x, x) / backend.total(x) - Double(Float(0.1))) < 1e-9)
  }
}
