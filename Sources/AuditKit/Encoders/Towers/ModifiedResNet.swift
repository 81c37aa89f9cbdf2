import NeuralKit

/// CLIP's ResNet (Radford et al., 2021, section 2.4): a stem of three convolutions, anti-aliased
/// strides, and an attention pool in the place of the average.
package struct ModifiedResNet: Sendable {
  package let stem: [NormalisedConvolution]
  package let blocks: [Bottleneck]
  package let pool: AttentionPool

  /// One context for each part; nil where no backward follows.
  package struct Context: Sendable {
    var stem: [NormalisedConvolution.Context] = []
    var blocks: [Bottleneck.Context] = []
    var pool: AttentionPool.Context?
    /// Before the stem's average pool.
    var stemShape: [Int] = []
  }

  /// A tower with the parameters `name.conv1.weight` and so on; the configuration must be valid.
  package init(
    _ name: String, stages: [Int], _ vision: VisionConfiguration, outputs: Int,
    in layout: inout ModelLayout
  ) {
    let width = vision.width
    let channels = [3, width / 2, width / 2, width]
    var stem: [NormalisedConvolution] = []
    for index in 1...3 {
      stem.append(
        NormalisedConvolution(
          convolution: Convolution(
            "\(name).conv\(index)", inputs: channels[index - 1], outputs: channels[index], size: 3,
            stride: index == 1 ? 2 : 1, padding: 1, in: &layout),
          norm: BatchNorm("\(name).bn\(index)", channels: channels[index], relu: true, in: &layout))
      )
    }
    var blocks: [Bottleneck] = []
    var inputs = width
    for (stage, depth) in stages.enumerated() {
      for index in 0..<depth {
        blocks.append(
          Bottleneck(
            "\(name).layer\(stage + 1).\(index)", inputs: inputs, width: width << stage,
            stride: stage > 0 && index == 0 ? 2 : 1, in: &layout))
        inputs = (width << stage) * Bottleneck.expansion
      }
    }
    let edge = vision.imageSize / 32
    pool = AttentionPool(
      "\(name).attnpool", positions: edge * edge, width: inputs,
      heads: inputs / vision.headWidth, outputs: outputs, in: &layout)
    self.stem = stem
    self.blocks = blocks
  }

  /// `[N, H, W, 3]` to `[N, outputs]`.
  package func forward(
    _ images: Tensor, _ execution: Execution
  ) -> (output: Tensor, context: Context) {
    var context = Context()
    var x = images
    for layer in stem {
      var (output, layerContext) = layer.forward(x, execution)
      // Backward computes both again from the convolutions' outputs.
      layerContext.norm.output = nil
      if !context.stem.isEmpty { layerContext.x = nil }
      if execution.keepsContexts { context.stem.append(layerContext) }
      x = output
    }
    context.stemShape = x.shape
    x = execution.backend.averagePool(x, size: 2)
    for block in blocks {
      let (output, blockContext) = block.forward(x, execution)
      if execution.keepsContexts { context.blocks.append(blockContext) }
      x = output
    }
    let (output, poolContext) = pool.forward(x, execution)
    if execution.keepsContexts { context.pool = poolContext }
    return (output, context)
  }

  /// Adds the parameters' gradients; returns that of the images where it is asked for.
  package func backward(
    _ gradient: Tensor, _ context: consuming Context, needsImageGradient: Bool = false,
    _ execution: Execution
  ) -> Tensor? {
    let stemContexts = context.stem
    var blockContexts = context.blocks
    let (poolContext, stemShape) = (context.pool, context.stemShape)
    _ = consume context
    guard let poolContext, blockContexts.count == blocks.count else {
      preconditionFailure("backward needs the context of a forward pass in training mode")
    }
    var current = pool.backward(gradient, poolContext, execution)
    for block in blocks.reversed() {
      current = block.backward(consume current, blockContexts.removeLast(), execution)
    }
    current = execution.backend.averagePoolBackward(current, size: 2, inputShape: stemShape)
    return backwardStem(
      consume current, consume stemContexts, needsImageGradient: needsImageGradient, execution)
  }

  private func backwardStem(
    _ gradient: consuming Tensor, _ contexts: consuming [NormalisedConvolution.Context],
    needsImageGradient: Bool, _ execution: Execution
  ) -> Tensor? {
    var contexts = contexts
    for index in stem.indices.dropFirst().reversed() {
      let context = lastContext(&contexts, execution)
      gradient = stem[index].backward(consume gradient, consume context, execution).x
    }
    let context = lastContext(&contexts, execution)
    if needsImageGradient {
      return stem[0].backward(gradient, consume context, execution).x
    }
    stem[0].backwardWeights(gradient, consume context, execution)
    return nil
  }

  /// Takes the context of the stem's last layer that has one, with what was not kept computed again.
  private func lastContext(
    _ contexts: inout [NormalisedConvolution.Context], _ execution: Execution
  ) -> NormalisedConvolution.Context {
    var context = contexts.removeLast()
    let index = contexts.count
    _ = stem[index].output(in: &context, execution)
    if index > 0 {
      context.x = stem[index - 1].output(in: &contexts[index - 1], execution)
    }
    return context
  }
}
