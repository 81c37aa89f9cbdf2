import NeuralKit

/// CLIP's text tower: a causal transformer whose state at the last token, the one with the largest
/// number, is the caption's.
package struct TextTransformer: Sendable {
  package let contextLength: Int
  package let tokens: Embedding
  /// `[contextLength, D]`.
  package let positionalEmbedding: Parameter
  package let transformer: Transformer
  package let norm: LayerNorm
  package let projection: Projection

  /// What backward needs.
  package struct Context: Sendable {
    let tokens: [Int32]
    let transformer: Transformer.Context
    let norm: LayerNorm.Context
    let pooled: Tensor
  }

  init(_ configuration: CLIPConfiguration, in layout: inout ModelLayout) {
    let text = configuration.text
    contextLength = text.contextLength
    positionalEmbedding = layout.parameter(
      "positional_embedding", [text.contextLength, text.width], decays: true,
      .normal(deviation: 0.01))
    projection = Projection(
      "text_projection", inputs: text.width, outputs: configuration.embeddingWidth,
      .normal(deviation: 1 / Float(text.width).squareRoot()), in: &layout)
    let shape = TransformerShape(
      width: text.width, layers: text.layers, heads: text.heads,
      hiddenWidth: Int(Double(text.width) * text.mlpRatio), activation: configuration.activation,
      causal: true)
    transformer = Transformer("transformer", shape, start: .scaled(shape), in: &layout)
    tokens = Embedding(
      "token_embedding", count: text.vocabularySize, width: text.width,
      .normal(deviation: 0.02), in: &layout)
    norm = LayerNorm("ln_final", width: text.width, in: &layout)
  }

  /// Captions as rows of `contextLength` tokens, `[N * contextLength]`, to `[N, outputs]`.
  ///
  /// No position after a caption's last token can reach its result, so the batch is cut behind the
  /// last token of its longest caption.
  package func forward(
    _ captions: [Int32], _ execution: Execution
  ) -> (output: Tensor, context: Context?) {
    precondition(
      captions.count % contextLength == 0,
      "\(captions.count) tokens are not captions of \(contextLength)")
    let batch = captions.count / contextLength
    let lastTokens = (0..<batch).map { lastToken(of: captions, item: $0) }
    let length = (lastTokens.max() ?? 0) + 1
    let used = (0..<batch).flatMap {
      captions[$0 * contextLength..<$0 * contextLength + length]
    }
    let backend = execution.backend
    let embedded = backend.add(
      tokens.forward(used, execution), execution[positionalEmbedding].rows(0..<length))
    let (pooled, transformerContext) = transformer.forward(
      embedded.reshaped([batch, length, embedded.columnCount]), pooling: lastTokens, execution)
    let (final, normContext) = norm.forward(pooled, execution)
    let output = projection.forward(final, execution).output
    guard execution.keepsContexts else { return (output, nil) }
    let context = Context(
      tokens: used, transformer: transformerContext, norm: normContext, pooled: final)
    return (output, context)
  }

  package func backward(
    _ gradient: Tensor, _ context: consuming Context, _ execution: Execution
  ) {
    let used = context.tokens
    let normGradient = projection.backward(gradient, context.pooled, execution)
    let pooledGradient = norm.backward(normGradient, context.norm, execution)
    let transformerContext = context.transformer
    _ = consume context
    let embeddedGradient = transformer.backward(
      pooledGradient, consume transformerContext, execution)
    let length = embeddedGradient.shape[1]
    execution.backend.accumulate(
      embeddedGradient, scale: 1,
      into: execution.gradient(of: positionalEmbedding).rows(0..<length))
    tokens.backward(embeddedGradient, used, execution)
  }

  /// The first position of the largest token number: the end marker has the largest of all.
  private func lastToken(of captions: [Int32], item: Int) -> Int {
    let first = item * contextLength
    var last = 0
    for position in 1..<contextLength
    where captions[first + position] > captions[first + last] { last = position }
    return last
  }
}
