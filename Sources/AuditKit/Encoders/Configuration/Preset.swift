import Foundation

/// Model shapes by name.
public enum Preset: String, CaseIterable, Codable, Sendable {
  /// Made for audits on CPUs: images of 64 pixels, a small ResNet and a small text tower.
  case compact
  /// CLIP's ResNet-50, 224 pixels, 102 million parameters.
  case resNet50 = "RN50"
  /// CLIP's vision transformer with patches of 32 pixels, 151 million parameters.
  case visionTransformerBase32 = "ViT-B-32"

  /// The shape.
  ///
  /// The published ones are equal to open_clip's files of the same names.
  public var configuration: CLIPConfiguration {
    switch self {
    case .compact:
      CLIPConfiguration(
        embeddingWidth: 128,
        vision: VisionConfiguration(layers: .resNet([1, 1, 1, 1]), width: 32, imageSize: 64),
        text: TextConfiguration(
          contextLength: 32, vocabularySize: 8192, width: 128, heads: 4, layers: 2))
    case .resNet50:
      CLIPConfiguration(
        embeddingWidth: 1024,
        vision: VisionConfiguration(layers: .resNet([3, 4, 6, 3]), width: 64, imageSize: 224),
        text: TextConfiguration())
    case .visionTransformerBase32:
      CLIPConfiguration(
        embeddingWidth: 512,
        vision: VisionConfiguration(
          layers: .transformer(12), width: 768, patchSize: 32, imageSize: 224),
        text: TextConfiguration())
    }
  }
}

extension CLIPConfiguration {
  /// The preset of that name, or the configuration in the JSON file at that path.
  ///
  /// - Throws: `EncoderError.unknownPreset` where it is neither, and what reading the file throws.
  public init(presetOrFile name: String) throws(EncoderError) {
    if let preset = Preset(rawValue: name) {
      self = preset.configuration
    } else if FileManager.default.fileExists(atPath: name) {
      try self.init(contentsOf: URL(fileURLWithPath: name))
    } else {
      throw .unknownPreset(name, known: Preset.allCases.map(\.rawValue))
    }
  }
}
