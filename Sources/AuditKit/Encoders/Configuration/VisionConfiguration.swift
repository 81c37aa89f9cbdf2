/// The shape of an image tower: open_clip's `vision_cfg`.
public struct VisionConfiguration: Codable, Sendable, Hashable {
  /// Which tower, and how deep.
  public enum Layers: Sendable, Hashable {
    /// A vision transformer of so many blocks.
    case transformer(Int)
    /// A ModifiedResNet with so many bottlenecks in its four stages.
    case resNet([Int])
  }

  /// `layers`: a number for a transformer, a list of four for a ResNet.
  public var layers: Layers
  /// `width`: of the transformer's residual stream, or of the ResNet's stem.
  public var width: Int
  /// `head_width`: columns of one attention head.
  public var headWidth: Int
  /// `mlp_ratio`: hidden width of a block's perceptron over `width`; a ResNet has none.
  public var mlpRatio: Double
  /// `patch_size` in pixels; a ResNet has none.
  public var patchSize: Int
  /// `image_size`: the edge of the square input in pixels.
  public var imageSize: Int

  /// A tower's shape, not validated; the defaults are open_clip's.
  public init(
    layers: Layers, width: Int, headWidth: Int = 64, mlpRatio: Double = 4, patchSize: Int = 16,
    imageSize: Int
  ) {
    self.layers = layers
    self.width = width
    self.headWidth = headWidth
    self.mlpRatio = mlpRatio
    self.patchSize = patchSize
    self.imageSize = imageSize
  }

  private static let known = [
    "layers", "width", "head_width", "mlp_ratio", "patch_size", "image_size",
  ]

  /// open_clip's further fields, with the values under which they change nothing.
  private static let neutral: [String: [OpenCLIPFields.Value]] = [
    "ls_init_value": [], "patch_dropout": [.number(0)], "attentional_pool": [.bool(false)],
    "attn_pooler_queries": [.anything], "attn_pooler_heads": [.anything],
    "no_ln_pre": [.bool(false)], "pos_embed_type": [.string("learnable")],
    // After pooling one token, its norm is the same as before.
    "final_ln_after_pool": [.anything],
    "pool_type": [.string("tok")], "output_tokens": [.anything], "act_kwargs": [],
    "norm_kwargs": [], "block_type": [.string("default")], "qk_norm": [.bool(false)],
    "scaled_cosine_attn": [.bool(false)], "scale_heads": [.bool(false)],
    "scale_attn_inner": [.bool(false)], "scale_attn": [.bool(false)], "scale_fc": [.bool(false)],
    "timm_model_name": [], "timm_model_pretrained": [.bool(false)], "timm_pool": [.anything],
    "timm_proj": [.anything], "timm_proj_bias": [.anything], "timm_drop": [.anything],
    "timm_drop_path": [.anything],
  ]

  /// Reads `vision_cfg`; what is missing takes open_clip's default.
  ///
  /// - Throws: `EncoderError` for unknown and unsupported fields, `DecodingError` for wrong types.
  public init(from decoder: any Decoder) throws {
    let fields = try OpenCLIPFields(decoder, known: Self.known, neutral: Self.neutral)
    self.init(
      layers: try fields.value("layers") ?? .transformer(12),
      width: try fields.value("width") ?? 768,
      headWidth: try fields.value("head_width") ?? 64,
      mlpRatio: try fields.value("mlp_ratio") ?? 4,
      patchSize: try fields.value("patch_size") ?? 16,
      imageSize: try fields.value("image_size") ?? 224)
  }

  /// Writes `vision_cfg`, without the fields that a ResNet does not have.
  public func encode(to encoder: any Encoder) throws {
    var fields = encoder.container(keyedBy: FieldName.self)
    try fields.encode(layers, forKey: FieldName("layers"))
    try fields.encode(width, forKey: FieldName("width"))
    try fields.encode(headWidth, forKey: FieldName("head_width"))
    if case .transformer = layers {
      try fields.encode(mlpRatio, forKey: FieldName("mlp_ratio"))
      try fields.encode(patchSize, forKey: FieldName("patch_size"))
    }
    try fields.encode(imageSize, forKey: FieldName("image_size"))
  }
}

extension VisionConfiguration.Layers: Codable {
  /// Reads a number or a list of numbers.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let blocks = try? container.decode(Int.self) {
      self = .transformer(blocks)
    } else {
      self = .resNet(try container.decode([Int].self))
    }
  }

  /// Writes a number or a list of numbers.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .transformer(let blocks): try container.encode(blocks)
    case .resNet(let stages): try container.encode(stages)
    }
  }
}
