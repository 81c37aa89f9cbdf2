/// The attention pool of CLIP's ResNet: the mean of all positions asks, all positions answer.
///
/// Only the query of the pooled position is computed, the one result that is used.
package struct AttentionPool: Sendable {
  package let heads: Int
  /// `[H * W + 1, C]`, the pooled position first.
  package let positionalEmbedding: Parameter
  package let query: Linear
  package let key: Linear
  package let value: Linear
  package let output: Linear

  /// What backward needs.
  package struct Context: Sendable {
    let imageShape: [Int]
    let tokens: Tensor
    let pooled: Tensor
    let queries: Tensor
    let keys: Tensor
    let values: Tensor
    let probabilities: Tensor
    let attended: Tensor
  }

  package init(
    _ name: String, positions: Int, width: Int, heads: Int, outputs: Int,
    in layout: inout ModelLayout
  ) {
    self.heads = heads
    let start = InitialValues.normal(deviation: 1 / Float(width).squareRoot())
    positionalEmbedding = layout.parameter(
      "\(name).positional_embedding", [positions + 1, width], decays: true, start)
    key = Linear("\(name).k_proj", inputs: width, outputs: width, weight: start, in: &layout)
    query = Linear("\(name).q_proj", inputs: width, outputs: width, weight: start, in: &layout)
    value = Linear("\(name).v_proj", inputs: width, outputs: width, weight: start, in: &layout)
    output = Linear("\(name).c_proj", inputs: width, outputs: outputs, weight: start, in: &layout)
  }

  /// `[N, H, W, C]` to `[N, outputs]`.
  package func forward(
    _ x: Tensor, _ execution: Execution
  ) -> (output: Tensor, context: Context) {
    let backend = execution.backend
    let (batch, channels) = (x.shape[0], x.shape[3])
    let places = x.reshaped([batch, x.shape[1] * x.shape[2], channels])
    let mean = backend.meanOverPositions(places).reshaped([batch, 1, channels])
    let tokens = backend.add(
      backend.concatenatePositions(mean, places), execution[positionalEmbedding])
    let pooled = backend.positions(tokens, 0..<1)
    let queries = query.forward(pooled, execution).output
    let keys = key.forward(tokens, execution).output
    let values = value.forward(tokens, execution).output
    let (attended, probabilities) = backend.attention(
      query: ColumnSlice(queries), key: ColumnSlice(keys), value: ColumnSlice(values),
      batch: batch, heads: heads, causal: false)
    let context = Context(
      imageShape: x.shape, tokens: tokens, pooled: pooled, queries: queries, keys: keys,
      values: values, probabilities: probabilities, attended: attended)
    return (output.forward(attended, execution).output, context)
  }

  /// The gradient of the images, `[N, H, W, C]`.
  package func backward(
    _ gradient: Tensor, _ context: consuming Context, _ execution: Execution
  ) -> Tensor {
    let backend = execution.backend
    let (batch, length) = (context.tokens.shape[0], context.tokens.shape[1])
    let attendedGradient = output.backward(gradient, context.attended, execution)
    let queryGradient = Tensor(uninitialized: context.queries.shape)
    let keyGradient = Tensor(uninitialized: context.keys.shape)
    let valueGradient = Tensor(uninitialized: context.values.shape)
    backend.attentionBackward(
      attendedGradient, probabilities: context.probabilities,
      query: ColumnSlice(context.queries), key: ColumnSlice(context.keys),
      value: ColumnSlice(context.values), batch: batch, heads: heads,
      queryGradient: ColumnSlice(queryGradient), keyGradient: ColumnSlice(keyGradient),
      valueGradient: ColumnSlice(valueGradient))

    let tokenGradient = key.backward(keyGradient, context.tokens, execution)
    backend.accumulate(
      value.backward(valueGradient, context.tokens, execution), scale: 1, into: tokenGradient)
    let pooledRows = (0..<batch).map { Int32($0 * length) }
    backend.accumulateRows(
      query.backward(queryGradient, context.pooled, execution), pooledRows, into: tokenGradient)
    backend.accumulate(
      tokenGradient, scale: 1, into: execution.gradient(of: positionalEmbedding))
    return spread(tokenGradient.reshaped(context.tokens.shape), to: context.imageShape, backend)
  }

  /// The images' gradient: that of their own tokens, and their share in the mean.
  private func spread(
    _ tokenGradient: Tensor, to imageShape: [Int], _ backend: any Backend
  ) -> Tensor {
    let length = tokenGradient.shape[1]
    let own = backend.positions(tokenGradient, 1..<length)
    let mean = backend.gatherRows(
      tokenGradient, (0..<imageShape[0]).map { Int32($0 * length) })
    let shared = backend.meanOverPositionsBackward(mean, length: length - 1)
    backend.accumulate(shared, scale: 1, into: own)
    return own.reshaped(imageShape)
  }
}
