/// One block of a transformer with normalisation before each part, as in CLIP:
/// `y = x + attention(norm1(x))`, result `y + mlp(norm2(y))`, for sequences `[N, L, D]`.
package struct ResidualAttentionBlock: Sendable {
  package let attentionNorm: LayerNorm
  package let attention: MultiHeadAttention
  package let feedForwardNorm: LayerNorm
  package let feedForward: FeedForward

  /// What backward needs; it computes the outputs of both norms a second time, which costs hardly any
  /// time and saves their memory.
  package struct Context: Sendable {
    let attentionNorm: LayerNorm.Context
    let attention: MultiHeadAttention.Context
    let feedForwardNorm: LayerNorm.Context
    let feedForward: FeedForward.Context
    let kept: [Int32]?
  }

  package init(
    _ name: String, _ shape: TransformerShape, start: TransformerStart,
    in layout: inout ModelLayout
  ) {
    attentionNorm = LayerNorm("\(name).ln_1", width: shape.width, in: &layout)
    attention = MultiHeadAttention(
      "\(name).attn", width: shape.width, heads: shape.heads, causal: shape.causal, start: start,
      in: &layout)
    feedForwardNorm = LayerNorm("\(name).ln_2", width: shape.width, in: &layout)
    feedForward = FeedForward(
      "\(name).mlp", width: shape.width, hiddenWidth: shape.hiddenWidth,
      activation: shape.activation, start: start, in: &layout)
  }

  /// The result for all positions, or only for the rows `kept` of `[N * L, D]`, one per item:
  /// `[N, 1, D]`.
  package func forward(
    _ x: Tensor, keeping kept: [Int32]? = nil, _ execution: Execution
  ) -> (output: Tensor, context: Context) {
    let backend = execution.backend
    let (normalised, attentionNormContext) = attentionNorm.forward(x, execution)
    let (attended, attentionContext) = attention.forward(normalised, keeping: kept, execution)
    let residual: Tensor
    if let kept {
      residual = backend.gatherRows(x, kept).reshaped([x.shape[0], 1, x.columnCount])
    } else {
      residual = x
    }
    let middle = backend.add(residual, attended.reshaped(residual.shape))
    let (normalisedMiddle, feedForwardNormContext) = feedForwardNorm.forward(middle, execution)
    let (change, feedForwardContext) = feedForward.forward(normalisedMiddle, execution)
    let output = backend.add(middle, change.reshaped(middle.shape))
    let context = Context(
      attentionNorm: attentionNormContext, attention: attentionContext,
      feedForwardNorm: feedForwardNormContext, feedForward: feedForwardContext, kept: kept)
    return (output, context)
  }

  /// The gradient of `x`, `[N, L, D]`.
  package func backward(
    _ gradient: Tensor, _ context: consuming Context, _ execution: Execution
  ) -> Tensor {
    let backend = execution.backend
    let normalisedMiddle = feedForwardNorm.output(for: context.feedForwardNorm, execution)
    let changeGradient = feedForward.backward(
      gradient, context.feedForward, x: normalisedMiddle, execution)
    let middleGradient = feedForwardNorm.backward(
      changeGradient.reshaped(gradient.shape), context.feedForwardNorm, execution)
    backend.accumulate(gradient, scale: 1, into: middleGradient)

    let x = context.attentionNorm.x
    let normalised = attentionNorm.output(for: context.attentionNorm, execution)
    let attendedGradient = attention.backward(
      middleGradient, context.attention, x: normalised, execution)
    let inputGradient = attentionNorm.backward(
      attendedGradient.reshaped(x.shape), context.attentionNorm, execution)
    if let kept = context.kept {
      backend.accumulateRows(middleGradient, kept, into: inputGradient)
    } else {
      backend.accumulate(middleGradient, scale: 1, into: inputGradient)
    }
    return inputGradient
  }
}
