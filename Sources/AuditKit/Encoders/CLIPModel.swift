import NeuralKit

/// A CLIP model: an image tower and a text tower that embed into one space, and the scale of their
/// similarities.
///
/// The model is its shape; weights are held apart (`initialWeights(seed:)`), so that one model serves
/// all replicas, each with an `Execution` of its own.
package struct CLIPModel: Sendable {
  package let configuration: CLIPConfiguration
  /// All parameters and buffers, under open_clip's names.
  package let layout: ModelLayout
  package let imageTower: ImageTower
  package let textTower: TextTransformer
  package let logitScale: LogitScale

  /// More than this is a mistake in the configuration.
  static let mostParameters = 1 << 32

  /// What backward of a batch of images needs.
  package struct ImageContext: Sendable {
    let tower: ImageTower.Context
    let embeddings: Tensor
    let lengths: Tensor
  }

  /// What backward of a batch of captions needs.
  package struct TextContext: Sendable {
    let tower: TextTransformer.Context?
    let embeddings: Tensor
    let lengths: Tensor
  }

  /// Lays out a model.
  ///
  /// - Throws: `EncoderError` where the configuration makes no model.
  package init(_ configuration: CLIPConfiguration) throws(EncoderError) {
    try configuration.validate()
    var layout = ModelLayout()
    textTower = TextTransformer(configuration, in: &layout)
    logitScale = LogitScale(in: &layout)
    imageTower = ImageTower(configuration, in: &layout)
    guard layout.parameterCount <= Self.mostParameters else {
      throw .modelTooLarge(parameters: layout.parameterCount, limit: Self.mostParameters)
    }
    self.configuration = configuration
    self.layout = layout
  }

  /// Fresh weights with open_clip's distributions; the same seed gives the same model.
  package func initialWeights(seed: UInt64) -> ModelWeights { layout.initialWeights(seed: seed) }

  /// Embeddings of unit length `[N, embeddingWidth]` for images `[N, imageSize, imageSize, 3]`, at least
  /// one, normalised as the preprocessing says.
  package func encodeImages(
    _ images: Tensor, _ execution: Execution
  ) -> (embeddings: Tensor, context: ImageContext) {
    let edge = configuration.vision.imageSize
    precondition(
      images.shape.count == 4 && Array(images.shape.dropFirst()) == [edge, edge, 3],
      "images of shape \(images.shape) are not [N, \(edge), \(edge), 3]")
    let (output, towerContext) = imageTower.forward(images, execution)
    let (embeddings, lengths) = execution.backend.normalizeRows(output)
    return (
      embeddings, ImageContext(tower: towerContext, embeddings: embeddings, lengths: lengths)
    )
  }

  /// Adds the image tower's gradients, from that of the embeddings.
  package func backwardImages(
    _ gradient: Tensor, _ context: consuming ImageContext, _ execution: Execution
  ) {
    _ = backwardImages(gradient, consume context, needsImageGradient: false, execution)
  }

  /// The gradient of the images `[N, imageSize, imageSize, 3]`, from that of the embeddings; the image tower's
  /// gradients are added as well.
  package func gradientOfImages(
    _ gradient: Tensor, _ context: consuming ImageContext, _ execution: Execution
  ) -> Tensor {
    guard
      let images = backwardImages(
        gradient, consume context, needsImageGradient: true, execution)
    else { preconditionFailure("the tower returned no gradient of its images") }
    return images
  }

  private func backwardImages(
    _ gradient: Tensor, _ context: consuming ImageContext, needsImageGradient: Bool,
    _ execution: Execution
  ) -> Tensor? {
    let outputGradient = execution.backend.normalizeRowsBackward(
      gradient, output: context.embeddings, lengths: context.lengths)
    let tower = context.tower
    _ = consume context
    return imageTower.backward(
      outputGradient, consume tower, needsImageGradient: needsImageGradient, execution)
  }

  /// Embeddings of unit length `[N, embeddingWidth]` for captions as rows of `contextLength` tokens,
  /// `[N * contextLength]`, each token below the vocabulary's size and the end marker the largest.
  package func encodeTexts(
    _ tokens: [Int32], _ execution: Execution
  ) -> (embeddings: Tensor, context: TextContext) {
    let (output, towerContext) = textTower.forward(tokens, execution)
    let (embeddings, lengths) = execution.backend.normalizeRows(output)
    return (
      embeddings, TextContext(tower: towerContext, embeddings: embeddings, lengths: lengths)
    )
  }

  /// Adds the text tower's gradients, from that of the embeddings.
  package func backwardTexts(
    _ gradient: Tensor, _ context: consuming TextContext, _ execution: Execution
  ) {
    let outputGradient = execution.backend.normalizeRowsBackward(
      gradient, output: context.embeddings, lengths: context.lengths)
    let tower = context.tower
    _ = consume context
    guard let tower else {
      preconditionFailure("backward needs the context of a forward pass in training mode")
    }
    textTower.backward(outputGradient, consume tower, execution)
  }
}
