/// Sizes of a transformer.
package struct TransformerShape: Sendable {
  package let width: Int
  package let layers: Int
  package let heads: Int
  /// The width between the two products of the perceptron.
  package let hiddenWidth: Int
  package let activation: Activation
  /// Whether a position sees only those before it.
  package let causal: Bool

  package init(
    width: Int, layers: Int, heads: Int, hiddenWidth: Int, activation: Activation, causal: Bool
  ) {
    self.width = width
    self.layers = layers
    self.heads = heads
    self.hiddenWidth = hiddenWidth
    self.activation = activation
    self.causal = causal
  }
}

/// How the matrices of a transformer start; nil for PyTorch's default of a linear layer.
package struct TransformerStart: Sendable {
  package let attentionInput: InitialValues
  package let attentionOutput: InitialValues?
  package let expansion: InitialValues?
  package let contraction: InitialValues?

  /// PyTorch's defaults, which open_clip leaves in its vision transformer.
  package static func standard(_ shape: TransformerShape) -> TransformerStart {
    TransformerStart(
      attentionInput: .glorot(fanIn: shape.width, fanOut: 3 * shape.width), attentionOutput: nil,
      expansion: nil, contraction: nil)
  }

  /// CLIP's text transformer: normal, and narrower where a branch joins the residual stream, by the
  /// number of branches (Radford et al., 2019, section 2.3).
  package static func scaled(_ shape: TransformerShape) -> TransformerStart {
    let width = Float(shape.width)
    let joining = InitialValues.normal(
      deviation: 1 / (width * 2 * Float(shape.layers)).squareRoot())
    return TransformerStart(
      attentionInput: .normal(deviation: 1 / width.squareRoot()), attentionOutput: joining,
      expansion: .normal(deviation: 1 / (2 * width).squareRoot()), contraction: joining)
  }
}

/// A stack of blocks of which one position per item is used at the end.
package struct Transformer: Sendable {
  package let blocks: [ResidualAttentionBlock]

  /// One context for each block; empty where no backward follows.
  package struct Context: Sendable {
    var blocks: [ResidualAttentionBlock.Context] = []
  }

  package init(
    _ name: String, _ shape: TransformerShape, start: TransformerStart,
    in layout: inout ModelLayout
  ) {
    precondition(shape.layers > 0, "a transformer needs a layer")
    var blocks: [ResidualAttentionBlock] = []
    for index in 0..<shape.layers {
      blocks.append(
        ResidualAttentionBlock("\(name).resblocks.\(index)", shape, start: start, in: &layout))
    }
    self.blocks = blocks
  }

  /// The last block's result `[N, D]` for one position of each item of `x` `[N, L, D]`.
  ///
  /// The last block computes nothing but its attention for the other positions.
  package func forward(
    _ x: Tensor, pooling positions: [Int], _ execution: Execution
  ) -> (output: Tensor, context: Context) {
    let length = x.shape[1]
    let kept = positions.enumerated().map { Int32($0.offset * length + $0.element) }
    var context = Context()
    var current = x
    for (index, block) in blocks.enumerated() {
      let (output, blockContext) = block.forward(
        current, keeping: index == blocks.count - 1 ? kept : nil, execution)
      if execution.keepsContexts { context.blocks.append(blockContext) }
      current = output
    }
    return (current.reshaped([x.shape[0], x.shape[2]]), context)
  }

  /// The gradient of `x` from that of the pooled positions, `[N, D]`.
  package func backward(
    _ gradient: Tensor, _ context: consuming Context, _ execution: Execution
  ) -> Tensor {
    var blockContexts = context.blocks
    context.blocks = []
    var current = gradient.reshaped([gradient.rowCount, 1, gradient.columnCount])
    for block in blocks.reversed() {
      guard let blockContext = blockContexts.popLast() else {
        preconditionFailure("backward needs the context of a forward pass in training mode")
      }
      current = block.backward(current, blockContext, execution)
    }
    return current
  }
}
