import AuditEncoders
import Foundation
import Testing
import TestSupport

@Suite("A model's configuration")
struct ConfigurationTests {
  private static let vision = """
    "vision_cfg": {"layers": 2, "width": 64, "patch_size": 16, "image_size": 64, "head_width": 32}
    """
  private static let text = """
    "text_cfg": {"context_length": 16, "vocab_size": 512, "width": 64, "heads": 2, "layers": 2}
    """

  private func read(_ json: String) throws(EncoderError) -> CLIPConfiguration {
    try CLIPConfiguration(json: Data(json.utf8))
  }

  private func expect(
    _ error: EncoderError, vision: String = ConfigurationTests.vision,
    text: String = ConfigurationTests.text, more: String = "",
    location: SourceLocation = #_sourceLocation
  ) {
    #expect(throws: error, sourceLocation: location) {
      try read("{\"embed_dim\": 8, \(vision), \(text)\(more)}")
    }
  }

  @Test("is read from open_clip's files", arguments: Preset.allCases.filter { $0 != .compact })
  func publishedFiles(_ preset: Preset) throws {
    let json =
      switch preset {
      case .resNet50:
        """
        {"embed_dim": 1024,
         "vision_cfg": {"image_size": 224, "layers": [3, 4, 6, 3], "width": 64, "patch_size": null},
         "text_cfg": {"context_length": 77, "vocab_size": 49408, "width": 512, "heads": 8,
                      "layers": 12}}
        """
      default:
        """
        {"embed_dim": 512,
         "vision_cfg": {"image_size": 224, "layers": 12, "width": 768, "patch_size": 32},
         "text_cfg": {"context_length": 77, "vocab_size": 49408, "width": 512, "heads": 8,
                      "layers": 12}}
        """
      }
    #expect(try read(json) == preset.configuration)
  }

  @Test("takes open_clip's defaults for what is missing")
  func defaults() throws {
    let configuration = try read("{\"embed_dim\": 8, \"vision_cfg\": {}, \"text_cfg\": {}}")
    #expect(
      configuration.vision
        == VisionConfiguration(layers: .transformer(12), width: 768, imageSize: 224))
    #expect(configuration.text == TextConfiguration())
    #expect(!configuration.usesQuickGELU)
  }

  @Test("comes back from its own JSON", arguments: Preset.allCases)
  func roundTrip(_ preset: Preset) throws {
    var configuration = preset.configuration
    #expect(try CLIPConfiguration(json: try configuration.json()) == configuration)
    configuration.usesQuickGELU = true
    configuration.text.mlpRatio = 2.5
    configuration.text.width = 96
    #expect(try CLIPConfiguration(json: try configuration.json()) == configuration)
  }

  @Test func namesAnUnknownFieldAndTheNearestKnownOne() {
    expect(
      .unknownField("vision_cfg.widht", nearest: "vision_cfg.width"),
      vision: "\"vision_cfg\": {\"widht\": 3}")
    expect(.unknownField("quick_glu", nearest: "quick_gelu"), more: ", \"quick_glu\": true")
    expect(.unknownField("zzzzzzzz", nearest: nil), more: ", \"zzzzzzzz\": 1")
  }

  @Test func refusesWhatItDoesNotSupportByNameAndValue() {
    expect(
      .unsupportedField("vision_cfg.timm_model_name", value: "\"resnet50\""),
      vision: "\"vision_cfg\": {\"timm_model_name\": \"resnet50\", \"image_size\": 224}")
    expect(
      .unsupportedField("vision_cfg.pool_type", value: "\"avg\""),
      vision: "\"vision_cfg\": {\"pool_type\": \"avg\"}")
    expect(
      .unsupportedField("text_cfg.hf_model_name", value: "\"roberta-base\""),
      text: "\"text_cfg\": {\"hf_model_name\": \"roberta-base\"}")
    expect(.unsupportedField("custom_text", value: "true"), more: ", \"custom_text\": true")
    expect(
      .unsupportedField("multimodal_cfg", value: "an object or a list"),
      more: ", \"multimodal_cfg\": {\"width\": 3}")
  }

  @Test func acceptsUnsupportedFieldsThatAskForNothing() throws {
    let vision = """
      "vision_cfg": {"layers": 2, "width": 64, "image_size": 64, "timm_model_name": null,
                     "pool_type": "tok", "patch_dropout": 0.0, "no_ln_pre": false,
                     "output_tokens": true}
      """
    let configuration = try read("{\"embed_dim\": 8, \(vision), \(Self.text)}")
    #expect(configuration.vision.width == 64)
  }

  @Test func namesTheFieldOfAWrongTypeOrAMissingOne() throws {
    expect(.missingField("vision_cfg"), vision: "\"quick_gelu\": false")
    #expect(throws: EncoderError.missingField("embed_dim")) { try read("{}") }
    let wrong = #expect(throws: EncoderError.self) {
      try read("{\"embed_dim\": 8, \"vision_cfg\": {\"width\": \"wide\"}, \(Self.text)}")
    }
    guard case .invalidField("vision_cfg.width", _, _) = wrong else {
      Issue.record("\(String(describing: wrong))")
      return
    }
    let broken = #expect(throws: EncoderError.self) { try read("{\"embed_dim\": 8,") }
    guard case .malformedJSON = broken else {
      Issue.record("\(String(describing: broken))")
      return
    }
  }

  @Test(
    "names the field whose number makes no model",
    arguments: [
      ("vision_cfg", "\"layers\": [1, 1, 1]", "vision_cfg.layers"),
      ("vision_cfg", "\"layers\": [1, 0, 1, 1], \"image_size\": 64", "vision_cfg.layers"),
      ("vision_cfg", "\"layers\": 0", "vision_cfg.layers"),
      ("vision_cfg", "\"width\": -1", "vision_cfg.width"),
      ("vision_cfg", "\"layers\": [1, 1, 1, 1], \"width\": 7", "vision_cfg.width"),
      ("vision_cfg", "\"width\": 100, \"head_width\": 30", "vision_cfg.head_width"),
      ("vision_cfg", "\"width\": 64, \"head_width\": 65", "vision_cfg.head_width"),
      (
        "vision_cfg", "\"layers\": [1, 1, 1, 1], \"width\": 8, \"image_size\": 63",
        "vision_cfg.image_size"
      ),
      ("vision_cfg", "\"layers\": [1, 1, 1, 1], \"image_size\": 16", "vision_cfg.image_size"),
      ("vision_cfg", "\"image_size\": 99999999", "vision_cfg.image_size"),
      ("vision_cfg", "\"patch_size\": 225", "vision_cfg.patch_size"),
      ("vision_cfg", "\"mlp_ratio\": 0", "vision_cfg.mlp_ratio"),
      ("text_cfg", "\"heads\": 7", "text_cfg.heads"),
      ("text_cfg", "\"heads\": 0", "text_cfg.heads"),
      ("text_cfg", "\"context_length\": 0", "text_cfg.context_length"),
      ("text_cfg", "\"vocab_size\": 99999999999", "text_cfg.vocab_size"),
      ("text_cfg", "\"mlp_ratio\": 1e300", "text_cfg.mlp_ratio"),
    ])
  func invalidNumbers(_ part: String, _ fields: String, _ field: String) {
    let other = part == "vision_cfg" ? Self.text : Self.vision
    let error = #expect(throws: EncoderError.self) {
      try read("{\"embed_dim\": 8, \"\(part)\": {\(fields)}, \(other)}")
    }
    guard case .invalidField(field, _, _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test func isFoundByPresetOrPath() throws {
    #expect(try CLIPConfiguration(presetOrFile: "RN50") == Preset.resNet50.configuration)
    let path = Repository.golden("tiny-vit.json").path
    #expect(try CLIPConfiguration(presetOrFile: path).vision.layers == .transformer(2))
    #expect(
      throws: EncoderError.unknownPreset("RN51", known: ["compact", "RN50", "ViT-B-32"])
    ) { try CLIPConfiguration(presetOrFile: "RN51") }
  }

  @Test func errorsInAFileNameIt() throws {
    let url = FileManager.default.temporaryDirectory
      .appendingPathComponent("configuration-\(UUID().uuidString).json")
    try Data("{}".utf8).write(to: url)
    defer { try? FileManager.default.removeItem(at: url) }
    #expect(throws: EncoderError.inFile(url.path, .missingField("embed_dim"))) {
      try CLIPConfiguration(presetOrFile: url.path)
    }
  }
}
