/// Self-attention over sequences `[N, L, D]` with one packed projection for queries, keys and values
/// (Vaswani et al., 2017).
///
/// Where only some rows of the result are used (`keeping`), the rest is not projected.
package struct MultiHeadAttention: Sendable {
  package let heads: Int
  package let causal: Bool
  /// `[3 D, D]`: queries, keys, values.
  package let inputWeight: Parameter
  /// `[3 D]`.
  package let inputBias: Parameter
  package let output: Linear

  private var width: Int { inputWeight.shape[1] }

  /// The packed projections, the attention probabilities, and the rows that the output projection
  /// read.
  ///
  /// The input is not kept: the caller has it or computes it again.
  package struct Context: Sendable {
    let batch: Int
    let packed: Tensor
    let probabilities: Tensor
    let attended: Tensor
    let kept: [Int32]?
  }

  package init(
    _ name: String, width: Int, heads: Int, causal: Bool, start: TransformerStart,
    in layout: inout ModelLayout
  ) {
    self.heads = heads
    self.causal = causal
    inputWeight = layout.parameter(
      "\(name).in_proj_weight", [3 * width, width], decays: true, start.attentionInput)
    inputBias = layout.parameter("\(name).in_proj_bias", [3 * width], decays: false, .constant(0))
    output = Linear(
      "\(name).out_proj", inputs: width, outputs: width, weight: start.attentionOutput,
      bias: .constant(0), in: &layout)
  }

  /// The result for all rows of `x`, `[N * L, D]`, or for the rows `kept` of them.
  package func forward(
    _ x: Tensor, keeping kept: [Int32]? = nil, _ execution: Execution
  ) -> (output: Tensor, context: Context) {
    let backend = execution.backend
    let projected = backend.product(
      x, transposed: false, execution[inputWeight], transposed: true, scale: 1)
    let packed = backend.activate(projected, bias: execution[inputBias], .identity).output
    var (attended, probabilities) = backend.attention(
      query: slice(packed, 0), key: slice(packed, 1), value: slice(packed, 2),
      batch: x.shape[0], heads: heads, causal: causal)
    if let kept { attended = backend.gatherRows(attended, kept) }
    let result = output.forward(attended, execution).output
    let context = Context(
      batch: x.shape[0], packed: packed, probabilities: probabilities, attended: attended,
      kept: kept)
    return (result, context)
  }

  /// The gradient of `x`, which is passed in again.
  package func backward(
    _ gradient: Tensor, _ context: consuming Context, x: Tensor, _ execution: Execution
  ) -> Tensor {
    let backend = execution.backend
    var attendedGradient = output.backward(gradient, context.attended, execution)
    if let kept = context.kept {
      let all = Tensor(repeating: 0, shape: [x.rowCount, width])
      backend.accumulateRows(attendedGradient, kept, into: all)
      attendedGradient = all
    }
    let packed = context.packed
    let packedGradient = Tensor(uninitialized: packed.shape)
    backend.attentionBackward(
      attendedGradient, probabilities: context.probabilities, query: slice(packed, 0),
      key: slice(packed, 1), value: slice(packed, 2), batch: context.batch, heads: heads,
      queryGradient: slice(packedGradient, 0), keyGradient: slice(packedGradient, 1),
      valueGradient: slice(packedGradient, 2))
    backend.accumulate(packedGradient, scale: 1, into: execution.gradient(of: inputBias))
    backend.accumulateProduct(
      packedGradient, transposed: true, x, transposed: false, scale: 1,
      into: execution.gradient(of: inputWeight))
    return backend.product(
      packedGradient, transposed: false, execution[inputWeight], transposed: false, scale: 1)
  }

  private func slice(_ packed: Tensor, _ part: Int) -> ColumnSlice {
    ColumnSlice(packed, start: part * width, width: width)
  }
}
