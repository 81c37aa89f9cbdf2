import AuditSettings

/// SimCLR's augmentation (Chen et al., 2020, arXiv:2002.05709, appendix A), as SafeCLIP uses it for
/// images, patterns that are mixed in and patches that cover a part.
///
/// The same names stand in the JSON configuration and on the command line.
public struct ImageAugmentationConfiguration: Codable, Sendable, Equatable {
  /// Smallest share of the thumbnail's area that a crop keeps; default 0.08.
  public var cropScaleMinimum = 0.08
  /// Largest share of the thumbnail's area that a crop keeps; default 1.
  public var cropScaleMaximum = 1.0
  /// Smallest ratio of a crop's width to its height; default 3/4.
  public var cropRatioMinimum = 3.0 / 4
  /// Largest ratio of a crop's width to its height; default 4/3.
  public var cropRatioMaximum = 4.0 / 3
  /// How often a view is mirrored; default 0.5.
  public var flipProbability = 0.5
  /// How often brightness, contrast, saturation and hue change, in random order; default 0.8.
  public var jitterProbability = 0.8
  /// Brightness is multiplied by a factor between 1 - this and 1 + this, not below 0; default 0.5.
  public var brightness = 0.5
  /// Contrast is multiplied by a factor between 1 - this and 1 + this, not below 0; default 0.5.
  public var contrast = 0.5
  /// Saturation is multiplied by a factor between 1 - this and 1 + this, not below 0; default 0.5.
  public var saturation = 0.5
  /// Hue turns by up to this share of a full circle to either side; default 0.1.
  public var hue = 0.1
  /// How often a view becomes grey; default 0.2.
  public var greyscaleProbability = 0.2
  /// How often a view is blurred; default 0.5.
  public var blurProbability = 0.5
  /// Width of the blur's kernel as a share of the view's edge, rounded to an odd number of pixels,
  /// at least 3; default 0.1.
  public var blurKernelFraction = 0.1
  /// Smallest standard deviation of the blur in pixels; default 0.1.
  public var blurSigmaMinimum = 0.1
  /// Largest standard deviation of the blur in pixels; default 2.
  public var blurSigmaMaximum = 2.0
  /// How often cells of random colours are mixed into a view; default 0.5, but 0 in scans by other methods than
  /// `safeclip`.
  ///
  /// A model that has seen images with any pattern finds all of them alike, and takes them for any one class. After
  /// PixMix (Hendrycks et al., 2022, arXiv:2112.05135), which mixes with pictures.
  public var patternProbability = 0.5
  /// Largest part of a pixel that is the pattern's; default 0.3.
  public var patternOpacityMaximum = 0.3
  /// Fewest cells of a pattern along an edge; default 4.
  public var patternCellsMinimum = 4
  /// Most cells of a pattern along an edge; default 32.
  public var patternCellsMaximum = 32
  /// How often a rectangle of cells of random colours covers a part of a view; default 0.5, but 0 in scans by other methods
  /// than `safeclip`.
  ///
  /// A model that has seen images with any patch takes none of them for a class. After random erasing (Zhong et al., 2020,
  /// arXiv:1708.04896), whose rectangles have one colour or noise.
  public var patchProbability = 0.5
  /// Shortest edge of a patch as a share of the view's; default 0.1.
  public var patchEdgeMinimum = 0.1
  /// Longest edge of a patch as a share of the view's; default 0.4.
  public var patchEdgeMaximum = 0.4
  /// Most cells of a patch along an edge; default 8.
  ///
  /// The fewest is 1, a plain colour.
  public var patchCellsMaximum = 8

  /// The defaults.
  public init() {}
}

extension ImageAugmentationConfiguration {
  /// Changes nothing: the view is the plain one.
  package static let identity: Self = {
    var configuration = Self()
    configuration.cropScaleMinimum = 1
    configuration.cropRatioMinimum = 1
    configuration.cropRatioMaximum = 1
    configuration.flipProbability = 0
    configuration.jitterProbability = 0
    configuration.greyscaleProbability = 0
    configuration.blurProbability = 0
    configuration.patternProbability = 0
    configuration.patchProbability = 0
    return configuration
  }()

  /// Leaves out patterns and patches, unless the settings by which they were asked for are among `explicit`.
  package mutating func leaveOutPatterns(unlessIn explicit: Set<String>) {
    if !explicit.contains("imageAugmentation.patternProbability") { patternProbability = 0 }
    if !explicit.contains("imageAugmentation.patchProbability") { patchProbability = 0 }
  }

  /// Takes defaults for missing keys.
  ///
  /// - Throws: `DecodingError` for a wrong type, a value out of range, a minimum above its maximum,
  ///   and for an unknown key, naming the nearest known one.
  public init(from decoder: any Decoder) throws {
    self.init()
    let values = try SettingsReader(decoder, CodingKeys.self)
    let share = 0.001...1.0
    try values.readRange(
      .cropScaleMinimum, into: &cropScaleMinimum, .cropScaleMaximum, into: &cropScaleMaximum, share)
    try values.readRange(
      .cropRatioMinimum, into: &cropRatioMinimum, .cropRatioMaximum, into: &cropRatioMaximum,
      0.1...10)
    try values.read(.flipProbability, into: &flipProbability, 0...1)
    try values.read(.jitterProbability, into: &jitterProbability, 0...1)
    try values.read(.brightness, into: &brightness, 0...10)
    try values.read(.contrast, into: &contrast, 0...10)
    try values.read(.saturation, into: &saturation, 0...10)
    try values.read(.hue, into: &hue, 0...0.5)
    try values.read(.greyscaleProbability, into: &greyscaleProbability, 0...1)
    try values.read(.blurProbability, into: &blurProbability, 0...1)
    try values.read(.blurKernelFraction, into: &blurKernelFraction, 0...0.5)
    try values.readRange(
      .blurSigmaMinimum, into: &blurSigmaMinimum, .blurSigmaMaximum, into: &blurSigmaMaximum,
      0.01...100)
    try values.read(.patternProbability, into: &patternProbability, 0...1)
    try values.read(.patternOpacityMaximum, into: &patternOpacityMaximum, 0...1)
    try values.readRange(
      .patternCellsMinimum, into: &patternCellsMinimum, .patternCellsMaximum,
      into: &patternCellsMaximum, 1...256)
    try values.read(.patchProbability, into: &patchProbability, 0...1)
    try values.readRange(
      .patchEdgeMinimum, into: &patchEdgeMinimum, .patchEdgeMaximum, into: &patchEdgeMaximum,
      0.001...1)
    try values.read(.patchCellsMaximum, into: &patchCellsMaximum, 1...256)
  }

  enum CodingKeys: String, CodingKey, CaseIterable {
    case cropScaleMinimum, cropScaleMaximum, cropRatioMinimum, cropRatioMaximum, flipProbability
    case jitterProbability, brightness, contrast, saturation, hue, greyscaleProbability
    case blurProbability, blurKernelFraction, blurSigmaMinimum, blurSigmaMaximum
    case patternProbability, patternOpacityMaximum, patternCellsMinimum, patternCellsMaximum
    case patchProbability, patchEdgeMinimum, patchEdgeMaximum, patchCellsMaximum
  }
}
