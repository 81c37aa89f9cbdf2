/// The operations that towers, losses and the optimiser are written against.
///
/// It is the one seam behind which a device sits: `CPUBackend` is the fast implementation, `ReferenceBackend` the plain loops
/// that it is checked against.
///
/// Conventions. Images are `[N, H, W, C]`, everything else is read as a matrix `[rows, columns]` with
/// the last axis as columns. Operations return new tensors; those named `accumulate…` add to one that
/// is passed in (gradients of parameters), those named `…InPlace` overwrite. A backend works on the
/// calling thread only: cores are used by running several replicas (`ReplicaGroup`).
/// Shapes are checked on entry; a mismatch is a programming error and traps with both shapes.
package protocol Backend: Sendable {
  // MARK: Products

  /// `scale * op(a) · op(b)`: `op(a)` is `[M, K]`, `op(b)` `[K, N]`, the result `[M, N]`.
  func product(
    _ a: Tensor, transposed aTransposed: Bool, _ b: Tensor, transposed bTransposed: Bool,
    scale: Float
  ) -> Tensor

  /// Adds `scale * op(a) · op(b)` to `sum` `[M, N]`.
  func accumulateProduct(
    _ a: Tensor, transposed aTransposed: Bool, _ b: Tensor, transposed bTransposed: Bool,
    scale: Float, into sum: Tensor)

  /// Convolution of `x` `[N, H, W, C]` with `weight` `[O, C, h, w]` (PyTorch's order), zero padding:
  /// `[N, H', W', O]`.
  func convolution(_ x: Tensor, weight: Tensor, stride: Int, padding: Int) -> Tensor

  /// Adds the weight's gradient to `weightGradient` `[O, C, h, w]` and returns the gradient of `x`, or
  /// nil where `needsInputGradient` is false.
  func convolutionBackward(
    _ gradient: Tensor, x: Tensor, weight: Tensor, stride: Int, padding: Int,
    accumulatingInto weightGradient: Tensor, needsInputGradient: Bool
  ) -> Tensor?

  // MARK: Attention

  /// Scaled dot-product attention with `heads` heads, softmax over keys, optionally causal.
  ///
  /// Queries are `[N * queryLength, D]`, keys and values `[N * keyLength, D]`, each a range of columns
  /// of a matrix, so that one packed projection `[N * L, 3 D]` serves without copies.
  /// Returns the output `[N * queryLength, D]` and the probabilities
  /// `[N, heads, queryLength, keyLength]` that backward needs.
  func attention(
    query: ColumnSlice, key: ColumnSlice, value: ColumnSlice, batch: Int, heads: Int,
    causal: Bool
  ) -> (output: Tensor, probabilities: Tensor)

  /// Writes (does not add) the gradients of queries, keys and values into the slices given.
  func attentionBackward(
    _ gradient: Tensor, probabilities: Tensor, query: ColumnSlice, key: ColumnSlice,
    value: ColumnSlice, batch: Int, heads: Int, queryGradient: ColumnSlice,
    keyGradient: ColumnSlice, valueGradient: ColumnSlice)

  // MARK: Normalisation

  /// Mean and sum of squared deviations of each column over the rows of `x`, `[2, C]`.
  func columnMoments(_ x: Tensor) -> Tensor

  /// `(x - mean) * inverseDeviation * weight + bias` for each column, plus `residual` where given,
  /// then ReLU where asked.
  func normalizeColumns(
    _ x: Tensor, mean: Tensor, inverseDeviation: Tensor, weight: Tensor, bias: Tensor,
    residual: Tensor?, relu: Bool
  ) -> Tensor

  /// The two sums of batch norm's backward over this replica's rows, `[2, C]`: of the gradient, and of
  /// gradient times normalised input. Where `output` is given (a fused ReLU's result), the gradient
  /// counts only where it is positive.
  func normalizeColumnsBackwardSums(
    _ gradient: Tensor, x: Tensor, output: Tensor?, mean: Tensor, inverseDeviation: Tensor
  ) -> Tensor

  /// The gradient of `x` in training mode, from the sums over all replicas and the row count of the
  /// whole batch; and, where `needsResidual`, the gradient behind the ReLU that flows to the residual.
  func normalizeColumnsBackward(
    _ gradient: Tensor, x: Tensor, output: Tensor?, mean: Tensor, inverseDeviation: Tensor,
    weight: Tensor, sums: Tensor, totalRows: Int, needsResidual: Bool
  ) -> (x: Tensor, residual: Tensor?)

  /// Layer norm over columns: the output, and `[rows, 2]` of mean and inverse deviation.
  func layerNorm(
    _ x: Tensor, weight: Tensor, bias: Tensor, epsilon: Float
  ) -> (output: Tensor, statistics: Tensor)

  /// Adds to the gradients of weight and bias and returns that of `x`.
  func layerNormBackward(
    _ gradient: Tensor, x: Tensor, statistics: Tensor, weight: Tensor,
    accumulatingWeight: Tensor, accumulatingBias: Tensor
  ) -> Tensor

  /// Rows scaled to unit Euclidean length, and their former lengths `[rows]`; a zero row stays zero.
  func normalizeRows(_ x: Tensor) -> (output: Tensor, lengths: Tensor)

  /// The gradient of `normalizeRows`' input.
  func normalizeRowsBackward(_ gradient: Tensor, output: Tensor, lengths: Tensor) -> Tensor

  // MARK: Pointwise

  /// `activation(x + bias)` and, for backward, `x + bias` (which may share the output's memory for ReLU
  /// or `.identity`). `bias` is `[columns]`.
  func activate(
    _ x: Tensor, bias: Tensor?, _ activation: Activation
  ) -> (output: Tensor, input: Tensor)

  /// The gradient of `x`; adds its column sums to `biasGradient` where given. `input` is what `activate`
  /// returned.
  func activateBackward(
    _ gradient: Tensor, input: Tensor, _ activation: Activation,
    accumulatingBias biasGradient: Tensor?
  ) -> Tensor

  /// `a + b`, equal shapes, or `b` of fewer rows repeated (positional embeddings).
  func add(_ a: Tensor, _ b: Tensor) -> Tensor

  /// `sum += scale * x`. Where `sum` has fewer rows than `x`, row `i` of `x` goes to row
  /// `i % sum.rows` (gradient of positional embeddings).
  func accumulate(_ x: Tensor, scale: Float, into sum: Tensor)

  /// Sets all elements.
  func fillInPlace(_ x: Tensor, _ value: Float)

  // MARK: Pooling and gathering

  /// Average over windows of `size`, stride `size`, rows and columns beyond the last whole window left
  /// out: `[N, H / size, W / size, C]`.
  func averagePool(_ x: Tensor, size: Int) -> Tensor

  /// The gradient of `averagePool`'s input of shape `[N, H, W, C]`.
  func averagePoolBackward(_ gradient: Tensor, size: Int, inputShape: [Int]) -> Tensor

  /// The mean over the positions of each item: `[N, L, D]` to `[N, D]`.
  func meanOverPositions(_ x: Tensor) -> Tensor

  /// The gradient of `meanOverPositions`' input: `[N, D]` to `[N, length, D]`.
  func meanOverPositionsBackward(_ gradient: Tensor, length: Int) -> Tensor

  /// Rows of `table` `[V, D]` chosen by `indices`: `[indices.count, D]`. Serves token embeddings and the
  /// choice of one position per item.
  func gatherRows(_ table: Tensor, _ indices: [Int32]) -> Tensor

  /// Adds row `i` of `x` to row `indices[i]` of `sum`; the gradient of `gatherRows`.
  func accumulateRows(_ x: Tensor, _ indices: [Int32], into sum: Tensor)

  /// For each item of `a` `[N, La, D]` and `b` `[N, Lb, D]`, `a` then `b`: `[N, La + Lb, D]`.
  /// Where `a` has one item only it is repeated (class embedding).
  func concatenatePositions(_ a: Tensor, _ b: Tensor) -> Tensor

  /// Positions `range` of each item of `x` `[N, L, D]`, copied.
  func positions(_ x: Tensor, _ range: Range<Int>) -> Tensor

  // MARK: Losses and optimiser

  /// Cross-entropy of softmax over each row of `logits` `[R, C]` with target column `targets[i]`: the
  /// losses `[R]`, and the gradient of their sum with respect to the logits times `gradientScale`.
  func crossEntropy(
    _ logits: Tensor, targets: [Int32], gradientScale: Float
  ) -> (losses: Tensor, gradient: Tensor)

  /// For each row of `queries` `[R, D]` the index of the row of `pool` `[P, D]` with the largest inner
  /// product (lowest index where equal).
  func nearestRows(_ queries: Tensor, in pool: Tensor) -> [Int32]

  /// The sum of all elements, in double precision.
  func total(_ x: Tensor) -> Double

  /// The sum of products of corresponding elements, in double precision.
  func innerProduct(_ x: Tensor, _ y: Tensor) -> Double

  /// One AdamW step (Loshchilov and Hutter, 2019) in one pass over equal ranges of the four buffers.
  func adamWInPlace(
    values: Tensor, gradients: Tensor, firstMoments: Tensor, secondMoments: Tensor,
    step: AdamWStep)
}

/// Columns `start ..< start + width` of a matrix.
package struct ColumnSlice: Sendable {
  package let matrix: Tensor
  package let start: Int
  package let width: Int

  package init(_ matrix: Tensor, start: Int, width: Int) {
    precondition(
      start >= 0 && start + width <= matrix.columnCount,
      "columns \(start)..<\(start + width) do not lie in shape \(matrix.shape)")
    self.matrix = matrix
    self.start = start
    self.width = width
  }

  /// All columns.
  package init(_ matrix: Tensor) {
    self.init(matrix, start: 0, width: matrix.columnCount)
  }
}

/// Pointwise functions between layers.
package enum Activation: Sendable {
  case identity
  case relu
  /// `x * Φ(x)` with the exact error function, as PyTorch's default.
  case gelu
  /// `x * sigmoid(1.702 x)`, CLIP's own.
  case quickGELU
}

/// The scalars of one AdamW step.
package struct AdamWStep: Sendable {
  package let learningRate: Float
  package let beta1: Float
  package let beta2: Float
  package let epsilon: Float
  package let weightDecay: Float
  /// Counted from 1, for bias correction.
  package let number: Int
  /// What each gradient is multiplied by first (clipping, averaging).
  package let gradientScale: Float

  package init(
    learningRate: Float, beta1: Float = 0.9, beta2: Float = 0.999, epsilon: Float = 1e-8,
    weightDecay: Float, number: Int, gradientScale: Float = 1
  ) {
    self.learningRate = learningRate
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.weightDecay = weightDecay
    self.number = number
    self.gradientScale = gradientScale
  }
}
