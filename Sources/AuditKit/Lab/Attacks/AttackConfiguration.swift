import AuditSettings

/// The attacks by name.
public enum AttackKind: String, Codable, CaseIterable, Sendable {
  /// Targeted data poisoning: images with captions of another class.
  case tdpa
  /// A patch of random colours.
  case badnet
  /// A pattern that shines through.
  case blended
  /// A smooth warp.
  case wanet
  /// A faint wave.
  case sig
  /// Patch, pattern and warp on one image.
  case hybrid
  /// Patch, pattern and warp on different images, all with one class.
  case parallelOne = "parallel-one"
  /// Patch, pattern and warp on different images, each with a class of its own.
  case parallelAll = "parallel-all"
  /// A patch on images of the class itself, with their own captions.
  case trueCaption = "true-caption"
  /// A patch on images of the class itself, in which a model was made to see it no more.
  case labelConsistent = "label-consistent"
  /// Images between targets and images of the class.
  case interpolation
  /// One caption under many images.
  case campaign
}

/// An attack and its parameters.
///
/// Lengths in images are shares of an image's edge, so that they mean the same at every size.
public struct AttackConfiguration: Codable, Sendable, Equatable {
  /// Which attack.
  public var attack = AttackKind.tdpa
  /// Pairs to plant; where `rate` is given, that decides.
  public var count = 40
  /// Pairs to plant as a share of those that are not held out.
  public var rate: Double?
  /// The adversarial class; nil draws it.
  public var className: String?
  /// Captions for each target of `tdpa`, steps for each of `interpolation`.
  public var captionsPerTarget = 5
  /// Whether `tdpa` takes captions from prompt templates instead of the crawl.
  public var templates = false
  /// Whether each copy of a target of `tdpa` is cropped and brightened anew.
  public var vary = false
  /// Edge of the patch as a share of the image's shorter edge; 16 of 224 pixels in the literature.
  public var patchEdgeShare = 16.0 / 224
  /// `corner`, or `random`: anew in each image.
  public var patchPlace = PatchPlace.random
  /// Share of the pattern in a `blended` image.
  public var blendAlpha = 0.2
  /// Cells of random colour along each edge of the pattern.
  public var blendCells = 16
  /// An image (JPEG, PNG, WebP or GIF) that is stretched over others as the pattern; nil takes cells.
  public var blendPattern: String?
  /// Control points of `wanet`'s warp along each edge.
  public var warpGrid = 4
  /// Mean displacement of the warp along each axis as a share of the edge.
  public var warpStrength = 1.0 / 64
  /// Height of `sig`'s wave, in 1/255.
  public var waveDelta = 20.0
  /// Waves across the width.
  public var waveFrequency = 6.0
  /// A folder of a trained model (`scan --model-out`), which `label-consistent` hides the class from.
  public var perturbationModel: String?
  /// Furthest that `label-consistent` moves a channel, in 1/255.
  public var perturbationStrength = 16.0
  /// Its steps.
  public var perturbationSteps = 20
  /// Quality of a JPEG that every planted image goes through; nil keeps changed images as they come.
  public var jpegQuality: Int?
  /// Pairs of the crawl, drawn by seed, that are used besides those held out; nil: all.
  public var sample: Int?
  /// Pairs that leave the crawl to measure with.
  public var heldOut = 300
  /// Decides all that is random, patterns included.
  public var seed: UInt64 = 0

  /// The defaults.
  public init() {}

  /// The names in JSON.
  public enum CodingKeys: String, CodingKey, CaseIterable {
    case attack, count, rate, className, captionsPerTarget, templates, vary, patchEdgeShare
    case patchPlace, blendAlpha, blendCells, blendPattern, warpGrid, warpStrength, waveDelta,
      waveFrequency
    case perturbationModel, perturbationStrength, perturbationSteps, jpegQuality, sample, heldOut,
      seed
  }

  /// Reads settings; what is missing keeps its default.
  ///
  /// - Throws: `DecodingError` for a wrong type and for an unknown key, naming the nearest known one.
  public init(from decoder: any Decoder) throws {
    self.init()
    let values = try SettingsReader(decoder, CodingKeys.self)
    try values.read(.attack, into: &attack)
    try values.read(.count, into: &count)
    try values.read(.rate, into: &rate)
    try values.read(.className, into: &className)
    try values.read(.captionsPerTarget, into: &captionsPerTarget)
    try values.read(.templates, into: &templates)
    try values.read(.vary, into: &vary)
    try values.read(.patchEdgeShare, into: &patchEdgeShare)
    try values.read(.patchPlace, into: &patchPlace)
    try values.read(.blendAlpha, into: &blendAlpha)
    try values.read(.blendCells, into: &blendCells)
    try values.read(.blendPattern, into: &blendPattern)
    try values.read(.warpGrid, into: &warpGrid)
    try values.read(.warpStrength, into: &warpStrength)
    try values.read(.waveDelta, into: &waveDelta)
    try values.read(.waveFrequency, into: &waveFrequency)
    try values.read(.perturbationModel, into: &perturbationModel)
    try values.read(.perturbationStrength, into: &perturbationStrength)
    try values.read(.perturbationSteps, into: &perturbationSteps)
    try values.read(.jpegQuality, into: &jpegQuality)
    try values.read(.sample, into: &sample)
    try values.read(.heldOut, into: &heldOut)
    try values.read(.seed, into: &seed)
  }

  /// Throws `LabError.invalidSetting` for the first setting that has no meaning.
  public func validate() throws(LabError) {
    func require(_ name: String, _ value: Any, _ holds: Bool, _ expected: String) throws(LabError) {
      guard holds else {
        throw .invalidSetting(name: name, value: "\(value)", expected: expected)
      }
    }
    try require("count", count, count >= 1, "at least 1")
    if let rate { try require("rate", rate, rate > 0 && rate < 1, "above 0 and below 1") }
    try require("captionsPerTarget", captionsPerTarget, captionsPerTarget >= 1, "at least 1")
    try require(
      "patchEdgeShare", patchEdgeShare, patchEdgeShare > 0 && patchEdgeShare <= 1,
      "above 0 and at most 1")
    try require("blendAlpha", blendAlpha, (0...1).contains(blendAlpha), "from 0 to 1")
    try require("blendCells", blendCells, (1...1024).contains(blendCells), "from 1 to 1024")
    try require("warpGrid", warpGrid, (2...64).contains(warpGrid), "from 2 to 64")
    try require("warpStrength", warpStrength, (0...1).contains(warpStrength), "from 0 to 1")
    try require("waveDelta", waveDelta, (0...255).contains(waveDelta), "from 0 to 255")
    try require(
      "waveFrequency", waveFrequency, waveFrequency > 0 && waveFrequency.isFinite, "above 0")
    if attack == .labelConsistent {
      try require(
        "perturbationModel", perturbationModel ?? "", perturbationModel != nil,
        "the folder of a trained model, to hide the class from")
    }
    try require(
      "perturbationStrength", perturbationStrength, (0...255).contains(perturbationStrength),
      "from 0 to 255")
    try require(
      "perturbationSteps", perturbationSteps, (1...1000).contains(perturbationSteps),
      "from 1 to 1000")
    if let jpegQuality {
      try require("jpegQuality", jpegQuality, (1...100).contains(jpegQuality), "from 1 to 100")
    }
    if let sample { try require("sample", sample, sample >= 1, "at least 1") }
    try require("heldOut", heldOut, heldOut >= 0, "0 or more")
  }
}
