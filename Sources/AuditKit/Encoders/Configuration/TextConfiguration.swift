/// The shape of a text tower: open_clip's `text_cfg`.
public struct TextConfiguration: Codable, Sendable, Hashable {
  /// `context_length`: tokens of a caption, padding included.
  public var contextLength: Int
  /// `vocab_size`.
  public var vocabularySize: Int
  /// `width` of the residual stream.
  public var width: Int
  /// `heads` of each block's attention.
  public var heads: Int
  /// `layers`: the number of blocks.
  public var layers: Int
  /// `mlp_ratio`: hidden width of a block's perceptron over `width`.
  public var mlpRatio: Double

  /// A tower's shape, not validated; the defaults are open_clip's.
  public init(
    contextLength: Int = 77, vocabularySize: Int = 49408, width: Int = 512, heads: Int = 8,
    layers: Int = 12, mlpRatio: Double = 4
  ) {
    self.contextLength = contextLength
    self.vocabularySize = vocabularySize
    self.width = width
    self.heads = heads
    self.layers = layers
    self.mlpRatio = mlpRatio
  }

  private static let known = [
    "context_length", "vocab_size", "width", "heads", "layers", "mlp_ratio",
  ]

  /// open_clip's further fields, with the values under which they change nothing.
  private static let neutral: [String: [OpenCLIPFields.Value]] = [
    "hf_tokenizer_name": [], "tokenizer_mode": [], "tokenizer_kwargs": [], "ls_init_value": [],
    "embed_cls": [.bool(false)], "pad_id": [.anything], "eos_id": [.anything],
    "no_causal_mask": [.bool(false)], "final_ln_after_pool": [.anything],
    "pool_type": [.string("argmax")], "proj_bias": [.bool(false)],
    "proj_type": [.string("linear")], "output_tokens": [.anything], "act_kwargs": [],
    "norm_kwargs": [], "block_type": [.string("default")], "qk_norm": [.bool(false)],
    "scaled_cosine_attn": [.bool(false)], "scale_heads": [.bool(false)],
    "scale_attn_inner": [.bool(false)], "scale_attn": [.bool(false)], "scale_fc": [.bool(false)],
    "hf_model_name": [], "hf_model_pretrained": [.anything], "hf_proj_type": [.anything],
    "hf_pooler_type": [.anything],
  ]

  /// Reads `text_cfg`; what is missing takes open_clip's default.
  ///
  /// - Throws: `EncoderError` for unknown and unsupported fields, `DecodingError` for wrong types.
  public init(from decoder: any Decoder) throws {
    let fields = try OpenCLIPFields(decoder, known: Self.known, neutral: Self.neutral)
    self.init(
      contextLength: try fields.value("context_length") ?? 77,
      vocabularySize: try fields.value("vocab_size") ?? 49408,
      width: try fields.value("width") ?? 512,
      heads: try fields.value("heads") ?? 8,
      layers: try fields.value("layers") ?? 12,
      mlpRatio: try fields.value("mlp_ratio") ?? 4)
  }

  /// Writes `text_cfg`; `mlp_ratio`, which older versions do not know, only where it is not 4.
  public func encode(to encoder: any Encoder) throws {
    var fields = encoder.container(keyedBy: FieldName.self)
    try fields.encode(contextLength, forKey: FieldName("context_length"))
    try fields.encode(vocabularySize, forKey: FieldName("vocab_size"))
    try fields.encode(width, forKey: FieldName("width"))
    try fields.encode(heads, forKey: FieldName("heads"))
    try fields.encode(layers, forKey: FieldName("layers"))
    if mlpRatio != 4 { try fields.encode(mlpRatio, forKey: FieldName("mlp_ratio")) }
  }
}
