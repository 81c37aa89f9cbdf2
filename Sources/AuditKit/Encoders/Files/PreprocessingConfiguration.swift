/// How images become the tower's input: open_clip's `preprocess_cfg`.
public struct PreprocessingConfiguration: Codable, Sendable, Hashable {
  /// `mean` of red, green and blue, subtracted from values in 0...1.
  public var mean: [Double]
  /// `std`: what the difference is divided by.
  public var deviation: [Double]
  /// `interpolation` when resizing.
  public var interpolation: String
  /// `resize_mode`: `shortest` (centre crop) or `squash`.
  public var resizeMode: String

  /// OpenAI's values, which open_clip takes as default.
  public init(
    mean: [Double] = [0.48145466, 0.4578275, 0.40821073],
    deviation: [Double] = [0.26862954, 0.26130258, 0.27577711],
    interpolation: String = "bicubic", resizeMode: String = "shortest"
  ) {
    self.mean = mean
    self.deviation = deviation
    self.interpolation = interpolation
    self.resizeMode = resizeMode
  }

  private enum CodingKeys: String, CodingKey {
    case mean
    case deviation = "std"
    case interpolation
    case resizeMode = "resize_mode"
  }

  /// Reads `preprocess_cfg`; what is missing takes open_clip's default, other fields are ignored.
  public init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    self.init()
    mean = try fields.decodeIfPresent([Double].self, forKey: .mean) ?? mean
    deviation = try fields.decodeIfPresent([Double].self, forKey: .deviation) ?? deviation
    interpolation =
      try fields.decodeIfPresent(String.self, forKey: .interpolation) ?? interpolation
    resizeMode = try fields.decodeIfPresent(String.self, forKey: .resizeMode) ?? resizeMode
    for (field, values) in [("mean", mean), ("std", deviation)] where values.count != 3 {
      throw EncoderError.invalidField(
        "preprocess_cfg.\(field)", value: "\(values)", reason: "it must have three numbers")
    }
    guard deviation.allSatisfy({ $0 > 0 }) else {
      throw EncoderError.invalidField(
        "preprocess_cfg.std", value: "\(deviation)", reason: "it must be above zero")
    }
  }
}
