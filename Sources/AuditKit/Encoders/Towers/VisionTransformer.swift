import NeuralKit

/// CLIP's vision transformer (Dosovitskiy et al., 2021, with a norm before the blocks): patches, a
/// class token whose last state is the image's.
package struct VisionTransformer: Sendable {
  package let patches: Convolution
  /// `[D]`.
  package let classEmbedding: Parameter
  /// `[patches + 1, D]`, the class token first.
  package let positionalEmbedding: Parameter
  package let normBefore: LayerNorm
  package let transformer: Transformer
  package let normAfter: LayerNorm
  package let projection: Projection

  /// What backward needs.
  package struct Context: Sendable {
    let images: Tensor
    let patchShape: [Int]
    let normBefore: LayerNorm.Context
    let transformer: Transformer.Context
    let normAfter: LayerNorm.Context
    let pooled: Tensor
  }

  /// A tower with the parameters `name.conv1.weight` and so on; the configuration must be valid.
  package init(
    _ name: String, layers: Int, _ vision: VisionConfiguration, outputs: Int,
    activation: Activation, in layout: inout ModelLayout
  ) {
    let width = vision.width
    let start = InitialValues.normal(deviation: 1 / Float(width).squareRoot())
    let grid = vision.imageSize / vision.patchSize
    // No decay for what has one axis, as open_clip.
    classEmbedding = layout.parameter("\(name).class_embedding", [width], decays: false, start)
    positionalEmbedding = layout.parameter(
      "\(name).positional_embedding", [grid * grid + 1, width], decays: true, start)
    patches = Convolution(
      "\(name).conv1", inputs: 3, outputs: width, size: vision.patchSize,
      stride: vision.patchSize, in: &layout)
    normBefore = LayerNorm("\(name).ln_pre", width: width, in: &layout)
    let shape = TransformerShape(
      width: width, layers: layers, heads: width / vision.headWidth,
      hiddenWidth: Int(Double(width) * vision.mlpRatio), activation: activation, causal: false)
    transformer = Transformer("\(name).transformer", shape, start: .standard(shape), in: &layout)
    normAfter = LayerNorm("\(name).ln_post", width: width, in: &layout)
    projection = Projection("\(name).proj", inputs: width, outputs: outputs, start, in: &layout)
  }

  /// `[N, H, W, 3]` to `[N, outputs]`.
  package func forward(
    _ images: Tensor, _ execution: Execution
  ) -> (output: Tensor, context: Context?) {
    let backend = execution.backend
    let grid = patches.forward(images, execution).output
    let (batch, width) = (grid.shape[0], grid.shape[3])
    let tokens = backend.concatenatePositions(
      execution[classEmbedding].reshaped([1, 1, width]),
      grid.reshaped([batch, grid.shape[1] * grid.shape[2], width]))
    let placed = backend.add(tokens, execution[positionalEmbedding])
    let (normalised, beforeContext) = normBefore.forward(placed, execution)
    let (pooled, transformerContext) = transformer.forward(
      normalised, pooling: [Int](repeating: 0, count: batch), execution)
    let (final, afterContext) = normAfter.forward(pooled, execution)
    let output = projection.forward(final, execution).output
    guard execution.keepsContexts else { return (output, nil) }
    let context = Context(
      images: images, patchShape: grid.shape, normBefore: beforeContext,
      transformer: transformerContext, normAfter: afterContext, pooled: final)
    return (output, context)
  }

  /// Adds the parameters' gradients; returns that of the images where it is asked for.
  package func backward(
    _ gradient: Tensor, _ context: consuming Context, needsImageGradient: Bool = false,
    _ execution: Execution
  ) -> Tensor? {
    let backend = execution.backend
    let (images, patchShape, beforeContext) = (
      context.images, context.patchShape, context.normBefore
    )
    let afterGradient = projection.backward(gradient, context.pooled, execution)
    let pooledGradient = normAfter.backward(afterGradient, context.normAfter, execution)
    let transformerContext = context.transformer
    _ = consume context
    let tokenGradient = normBefore.backward(
      transformer.backward(pooledGradient, consume transformerContext, execution), beforeContext,
      execution)
    backend.accumulate(
      tokenGradient, scale: 1, into: execution.gradient(of: positionalEmbedding))
    backend.accumulate(
      backend.positions(tokenGradient, 0..<1), scale: 1,
      into: execution.gradient(of: classEmbedding))
    let patchGradient = backend.positions(tokenGradient, 1..<tokenGradient.shape[1])
      .reshaped(patchShape)
    if needsImageGradient { return patches.backward(patchGradient, images, execution) }
    patches.backwardWeight(patchGradient, images, execution)
    return nil
  }
}
