import NeuralKit

/// The residual block of CLIP's ResNet: 1 x 1, 3 x 3 and 1 x 1 convolutions (He et al., 2016), all of
/// stride 1; a stride is an average pool before the last, and in the shortcut (Zhang, 2019).
package struct Bottleneck: Sendable {
  /// Output channels over inner ones.
  package static let expansion = 4

  package let stride: Int
  package let reduce: NormalisedConvolution
  package let spatial: NormalisedConvolution
  package let expand: NormalisedConvolution
  /// Where the shortcut changes size.
  package let shortcut: NormalisedConvolution?

  /// One context for each convolution.
  package struct Context: Sendable {
    var reduce: NormalisedConvolution.Context
    var spatial: NormalisedConvolution.Context
    var expand: NormalisedConvolution.Context
    let shortcut: NormalisedConvolution.Context?
    /// Shapes before the average pools.
    let inputShape: [Int]
    let spatialShape: [Int]

    /// Lets go of what backward computes again from the convolutions' outputs: that costs a percent of the
    /// time at most, and saves a tenth of the memory.
    mutating func forgetOutputs() {
      reduce.norm.output = nil
      spatial.x = nil
      spatial.norm.output = nil
      expand.x = nil
    }
  }

  package init(
    _ name: String, inputs: Int, width: Int, stride: Int, in layout: inout ModelLayout
  ) {
    self.stride = stride
    let outputs = width * Self.expansion
    reduce = NormalisedConvolution(
      convolution: Convolution(
        "\(name).conv1", inputs: inputs, outputs: width, size: 1, in: &layout),
      norm: BatchNorm("\(name).bn1", channels: width, relu: true, in: &layout))
    spatial = NormalisedConvolution(
      convolution: Convolution(
        "\(name).conv2", inputs: width, outputs: width, size: 3, padding: 1, in: &layout),
      norm: BatchNorm("\(name).bn2", channels: width, relu: true, in: &layout))
    // Starts at zero, so that a fresh block passes its input on (Goyal et al., 2017, section 5.1).
    expand = NormalisedConvolution(
      convolution: Convolution(
        "\(name).conv3", inputs: width, outputs: outputs, size: 1, in: &layout),
      norm: BatchNorm("\(name).bn3", channels: outputs, relu: true, weight: 0, in: &layout))
    if stride > 1 || inputs != outputs {
      shortcut = NormalisedConvolution(
        convolution: Convolution(
          "\(name).downsample.0", inputs: inputs, outputs: outputs, size: 1, in: &layout),
        norm: BatchNorm("\(name).downsample.1", channels: outputs, relu: false, in: &layout))
    } else {
      shortcut = nil
    }
  }

  package func forward(
    _ x: Tensor, _ execution: Execution
  ) -> (output: Tensor, context: Context) {
    let (reduced, reduceContext) = reduce.forward(x, execution)
    let (filtered, spatialContext) = spatial.forward(reduced, execution)
    let side = shortcut?.forward(pooled(x, execution), execution)
    let (output, expandContext) = expand.forward(
      pooled(filtered, execution), adding: side?.output ?? x, execution)
    var context = Context(
      reduce: reduceContext, spatial: spatialContext, expand: expandContext,
      shortcut: side?.context, inputShape: x.shape, spatialShape: filtered.shape)
    context.forgetOutputs()
    return (output, context)
  }

  package func backward(
    _ gradient: consuming Tensor, _ context: consuming Context, _ execution: Execution
  ) -> Tensor {
    let (inputShape, spatialShape) = (context.inputShape, context.spatialShape)
    var reduceContext = context.reduce
    var spatialContext = context.spatial.reading(
      reduce.output(in: &reduceContext, execution))
    let expandContext = context.expand.reading(
      pooled(spatial.output(in: &spatialContext, execution), execution))
    var shortcutContext = context.shortcut
    _ = consume context

    var (inner, residual) = expand.backward(consume gradient, consume expandContext, execution)
    inner = unpooled(inner, spatialShape, execution)
    inner = spatial.backward(inner, consume spatialContext, execution).x
    inner = reduce.backward(inner, consume reduceContext, execution).x
    if let shortcut, let context = shortcutContext.take(), let outer = residual.take() {
      residual = unpooled(
        shortcut.backward(consume outer, consume context, execution).x, inputShape, execution)
    }
    if let residual { execution.backend.accumulate(residual, scale: 1, into: inner) }
    return inner
  }

  private func pooled(_ x: Tensor, _ execution: Execution) -> Tensor {
    stride > 1 ? execution.backend.averagePool(x, size: stride) : x
  }

  private func unpooled(_ gradient: Tensor, _ shape: [Int], _ execution: Execution) -> Tensor {
    stride > 1
      ? execution.backend.averagePoolBackward(gradient, size: stride, inputShape: shape)
      : gradient
  }
}
