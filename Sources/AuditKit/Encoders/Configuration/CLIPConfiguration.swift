/// The shape of a CLIP model, read from and written as open_clip's JSON.
///
/// Fields that open_clip has and this implementation does not are accepted where their value asks
/// for nothing special, and refused by name where it does.
public struct CLIPConfiguration: Codable, Sendable, Hashable {
  /// `embed_dim`: the width of the embeddings that images and captions share.
  public var embeddingWidth: Int
  /// `quick_gelu`: the activation of OpenAI's own models, `x * sigmoid(1.702 x)`.
  public var usesQuickGELU: Bool
  /// `vision_cfg`.
  public var vision: VisionConfiguration
  /// `text_cfg`.
  public var text: TextConfiguration

  /// A configuration from its parts, not validated.
  public init(
    embeddingWidth: Int, usesQuickGELU: Bool = false, vision: VisionConfiguration,
    text: TextConfiguration
  ) {
    self.embeddingWidth = embeddingWidth
    self.usesQuickGELU = usesQuickGELU
    self.vision = vision
    self.text = text
  }

  private enum Field: String, CaseIterable {
    case embeddingWidth = "embed_dim"
    case usesQuickGELU = "quick_gelu"
    case vision = "vision_cfg"
    case text = "text_cfg"
  }

  /// Reads open_clip's JSON.
  ///
  /// - Throws: `EncoderError` for unknown and unsupported fields, `DecodingError` for wrong types.
  public init(from decoder: any Decoder) throws {
    let fields = try OpenCLIPFields(
      decoder, known: Field.allCases.map(\.rawValue),
      neutral: [
        "custom_text": [.bool(false)], "multimodal_cfg": [], "init_logit_bias": [],
        "init_logit_scale": [.anything], "nonscalar_logit_scale": [.bool(false)],
      ])
    embeddingWidth = try fields.require(Field.embeddingWidth.rawValue)
    usesQuickGELU = try fields.value(Field.usesQuickGELU.rawValue) ?? false
    vision = try fields.require(Field.vision.rawValue)
    text = try fields.require(Field.text.rawValue)
  }

  /// Writes open_clip's JSON.
  public func encode(to encoder: any Encoder) throws {
    var fields = encoder.container(keyedBy: FieldName.self)
    try fields.encode(embeddingWidth, forKey: FieldName(Field.embeddingWidth.rawValue))
    if usesQuickGELU { try fields.encode(true, forKey: FieldName(Field.usesQuickGELU.rawValue)) }
    try fields.encode(vision, forKey: FieldName(Field.vision.rawValue))
    try fields.encode(text, forKey: FieldName(Field.text.rawValue))
  }
}
