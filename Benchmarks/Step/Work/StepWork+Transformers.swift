import AuditEncoders

extension StepWork {
  /// The text tower: all positions of the context, but behind the last block's attention only the
  /// one that is used.
  mutating func addTextTower(_ configuration: CLIPConfiguration, _ batch: Int) {
    let text = configuration.text
    addEmbedding("token_embedding", rows: batch * text.contextLength, width: text.width)
    addBlocks(
      "transformer", .text, batch: batch, length: text.contextLength, width: text.width,
      hiddenWidth: Int(Double(text.width) * text.mlpRatio), count: text.layers, causal: true)
    addProduct(
      "text_projection", .text, rows: batch, inputs: text.width,
      outputs: configuration.embeddingWidth)
  }

  /// A vision transformer: patches, blocks, projection of the class token.
  mutating func addVisionTransformer(
    _ configuration: CLIPConfiguration, layers: Int, _ batch: Int
  ) {
    let vision = configuration.vision
    let grid = vision.imageSize / vision.patchSize
    addProduct(
      "visual.conv1", .image, kind: .convolution, rows: batch * grid * grid,
      inputs: vision.patchSize * vision.patchSize * 3, outputs: vision.width,
      needsInputGradient: false)
    addBlocks(
      "visual.transformer", .image, batch: batch, length: grid * grid + 1, width: vision.width,
      hiddenWidth: Int(Double(vision.width) * vision.mlpRatio), count: layers, causal: false)
    addProduct(
      "visual.proj", .image, rows: batch, inputs: vision.width,
      outputs: configuration.embeddingWidth)
  }

  private mutating func addBlocks(
    _ name: String, _ part: LayerPass.Part, batch: Int, length: Int, width: Int,
    hiddenWidth: Int, count: Int, causal: Bool
  ) {
    let rows = batch * length
    for index in 0..<count {
      let block = "\(name).resblocks.\(index)"
      let kept = index == count - 1 ? batch : rows
      // Backward, the sum with the residual's gradient is made where the input's gradient is.
      addProduct(
        "\(block).attn.in_proj", part, rows: rows, inputs: width, outputs: 3 * width,
        joinedBackward: kept * width)
      addAttention(
        "\(block).attn", part, batch: batch, queries: length, keys: length, width: width,
        causal: causal)
      addProduct(
        "\(block).attn.out_proj", part, rows: kept, inputs: width, outputs: width,
        joined: kept * width)
      addProduct(
        "\(block).mlp.c_fc", part, rows: kept, inputs: width, outputs: hiddenWidth,
        joinedBackward: kept * width)
      // Backward, the activation's slope needs its input.
      addProduct(
        "\(block).mlp.c_proj", part, rows: kept, inputs: hiddenWidth, outputs: width,
        joined: kept * width, joinedBackward: kept * hiddenWidth)
    }
  }
}
