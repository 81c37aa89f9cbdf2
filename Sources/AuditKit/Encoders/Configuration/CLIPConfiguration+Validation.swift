extension CLIPConfiguration {
  /// Checks that the numbers make a model.
  ///
  /// - Throws: `EncoderError.invalidField`, which names the field.
  public func validate() throws(EncoderError) {
    try require(embeddingWidth, "embed_dim", in: 1...Self.largestWidth)
    try validateVision()
    try validateText()
  }

  private static let largestWidth = 1 << 16
  private static let mostLayers = 1 << 10

  private func validateVision() throws(EncoderError) {
    try require(vision.width, "vision_cfg.width", in: 1...Self.largestWidth)
    try require(vision.headWidth, "vision_cfg.head_width", in: 1...Self.largestWidth)
    try require(vision.imageSize, "vision_cfg.image_size", in: 1...(1 << 14))
    switch vision.layers {
    case .transformer(let blocks): try validateTransformer(blocks)
    case .resNet(let stages): try validateResNet(stages)
    }
  }

  private func validateTransformer(_ blocks: Int) throws(EncoderError) {
    try require(blocks, "vision_cfg.layers", in: 1...Self.mostLayers)
    try require(vision.patchSize, "vision_cfg.patch_size", in: 1...vision.imageSize)
    try requireHiddenWidth(vision.width, vision.mlpRatio, "vision_cfg.mlp_ratio")
    let heads = vision.width / vision.headWidth
    guard heads > 0, vision.width % heads == 0 else {
      throw .invalidField(
        "vision_cfg.head_width", value: "\(vision.headWidth)",
        reason: "a width of \(vision.width) cannot be divided into equal heads of about that width")
    }
  }

  private func validateResNet(_ stages: [Int]) throws(EncoderError) {
    guard stages.count == 4 else {
      throw .invalidField(
        "vision_cfg.layers", value: "\(stages)", reason: "a ResNet has four stages")
    }
    for stage in stages { try require(stage, "vision_cfg.layers", in: 1...Self.mostLayers) }
    guard vision.width % 2 == 0, vision.width <= Self.largestWidth / 32 else {
      throw .invalidField(
        "vision_cfg.width", value: "\(vision.width)",
        reason: "a ResNet's width must be even and at most \(Self.largestWidth / 32)")
    }
    let heads = vision.width * 32 / vision.headWidth
    guard heads > 0, vision.width * 32 % heads == 0 else {
      throw .invalidField(
        "vision_cfg.head_width", value: "\(vision.headWidth)",
        reason: "the attention pool's width \(vision.width * 32) cannot be divided into such heads")
    }
    // The stem's first convolution rounds up where all later halvings, and the published position
    // count (image_size / 32)², round down.
    let edge = (vision.imageSize + 1) / 2 / 16
    guard edge > 0, edge == vision.imageSize / 32 else {
      throw .invalidField(
        "vision_cfg.image_size", value: "\(vision.imageSize)",
        reason: "a ResNet halves its input five times; use a multiple of 32")
    }
  }

  private func validateText() throws(EncoderError) {
    try require(text.contextLength, "text_cfg.context_length", in: 1...Self.largestWidth)
    try require(text.vocabularySize, "text_cfg.vocab_size", in: 1...(1 << 24))
    try require(text.width, "text_cfg.width", in: 1...Self.largestWidth)
    try require(text.layers, "text_cfg.layers", in: 1...Self.mostLayers)
    try requireHiddenWidth(text.width, text.mlpRatio, "text_cfg.mlp_ratio")
    guard text.heads > 0, text.width % text.heads == 0 else {
      throw .invalidField(
        "text_cfg.heads", value: "\(text.heads)",
        reason: "a width of \(text.width) cannot be divided into that many equal heads")
    }
  }

  private func require(
    _ value: Int, _ field: String, in range: ClosedRange<Int>
  ) throws(EncoderError) {
    guard range.contains(value) else {
      throw .invalidField(
        field, value: "\(value)",
        reason: "it must lie between \(range.lowerBound) and \(range.upperBound)")
    }
  }

  private func requireHiddenWidth(
    _ width: Int, _ ratio: Double, _ field: String
  ) throws(EncoderError) {
    let hidden = Double(width) * ratio
    guard hidden >= 1, hidden <= Double(Self.largestWidth) * 16 else {
      throw .invalidField(
        field, value: "\(ratio)", reason: "it makes a perceptron of hidden width \(hidden)")
    }
  }
}
