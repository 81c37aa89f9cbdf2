import AuditDump
import AuditKit
import AuditSettings
import AuditTraining
import Foundation

/// A grid of trials on one crawl: every attack with every method and every seed.
public struct LabConfiguration: Codable, Sendable, Equatable {
  /// The crawl's path.
  public var crawl = ""
  /// The crawl's format; nil tells it from what is there.
  public var format: CrawlFormat?
  /// A file of labels by key; nil takes words of captions as classes.
  public var labels: String?
  /// The words or labels that are classes; empty takes all of the right size.
  public var words: [String] = []
  /// The attacks, each with its parameters; their seeds are those of the trials.
  public var attacks = [AttackConfiguration()]
  /// The ways to train.
  public var methods = [TrialMethod(.safeclip), TrialMethod(.clip)]
  /// Trials of each attack and method.
  public var seeds = 1
  /// The first seed; the others follow it.
  public var firstSeed: UInt64 = 0
  /// Settings of all trials by their dotted names; a method's own go over them.
  public var settings: [String: SettingValue] = [:]
  /// Prompts for zero-shot classification, with `{}` where the class goes.
  public var templates = LabConfiguration.defaultTemplates
  /// A folder of labelled images, a folder per class, to measure on as well; nil: none.
  public var labelledImages: String?
  /// Pairs of the crawl that a linear probe learns from, at most; drawn by seed where there are more.
  public var probePairs = 10_000

  /// The defaults: SafeCLIP and plain CLIP on targeted poisoning.
  public init() {}

  /// Prompts that say what an image shows.
  public static let defaultTemplates = [
    "{}", "a {}", "the {}", "a photo of a {}", "a picture of a {}", "an image of {}",
    "this is a {}",
  ]

  /// The names in JSON.
  public enum CodingKeys: String, CodingKey, CaseIterable {
    case crawl, format, labels, words, attacks, methods, seeds, firstSeed, settings, templates
    case labelledImages, probePairs
  }

  /// Reads a grid; what is missing keeps its default.
  ///
  /// - Throws: `DecodingError` for a wrong type and for an unknown key, naming the nearest known one.
  public init(from decoder: any Decoder) throws {
    self.init()
    let values = try SettingsReader(decoder, CodingKeys.self)
    try values.read(.crawl, into: &crawl)
    try values.read(.format, into: &format)
    try values.read(.labels, into: &labels)
    try values.read(.words, into: &words)
    try values.read(.attacks, into: &attacks)
    try values.read(.methods, into: &methods)
    try values.read(.seeds, into: &seeds)
    try values.read(.firstSeed, into: &firstSeed)
    try values.read(.settings, into: &settings)
    try values.read(.templates, into: &templates)
    try values.read(.labelledImages, into: &labelledImages)
    try values.read(.probePairs, into: &probePairs)
  }

  /// Throws `LabError.invalidSetting` for the first setting that has no meaning, and
  /// `ConfigurationError` where a setting of the trials has none.
  public func validate() throws {
    func require(_ name: String, _ value: Any, _ holds: Bool, _ expected: String) throws(LabError) {
      guard holds else {
        throw .invalidSetting(name: name, value: "\(value)", expected: expected)
      }
    }
    try require("crawl", crawl, !crawl.isEmpty, "the path of a crawl")
    try require("attacks", attacks.count, !attacks.isEmpty, "at least one")
    try require("methods", methods.count, !methods.isEmpty, "at least one")
    let names = methods.map(\.name)
    try require("methods", names, Set(names).count == names.count, "named differently")
    for share in methods.compactMap(\.trustedShare) {
      try require("trustedShare", share, share > 0 && share <= 1, "above 0 and at most 1")
    }
    try require("seeds", seeds, (1...1_000).contains(seeds), "from 1 to 1000")
    for own in [settings] + methods.map(\.settings) {
      try require(
        "the setting seed", own["seed"].map { "\($0)" } ?? "", own["seed"] == nil,
        "left to the grid: a file's firstSeed is the seed of the first trial")
    }
    try require(
      "templates", templates, !templates.isEmpty && templates.allSatisfy { $0.contains("{}") },
      "prompts with {} where the class goes")
    try require("probePairs", probePairs, probePairs >= 0, "0 or more")
    for attack in attacks {
      try attack.validate()
      try require("heldOut", attack.heldOut, attack.heldOut >= 10, "at least 10 to measure with")
    }
    _ = try trials()
  }

  /// Throws `LabError.invalidSetting` for the first trial whose settings cannot train together.
  public func validateTraining() throws {
    for trial in try trials() { try trial.validateTraining() }
  }

  /// All trials, seed by seed, so that a grid that was stopped has some of each kind.
  public func trials() throws -> [Trial] {
    var trials: [Trial] = []
    for number in 0..<UInt64(max(0, seeds)) {
      for attack in attacks {
        for method in methods {
          trials.append(try Trial(self, attack, method, seed: firstSeed &+ number))
        }
      }
    }
    return trials
  }
}
