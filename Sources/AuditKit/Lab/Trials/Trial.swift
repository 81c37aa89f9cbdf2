import AuditDump
import AuditFiles
import AuditKit
import AuditTraining
import Foundation

/// One cell of the grid: an attack, a way to train, and a seed.
public struct Trial: Sendable {
  /// The attack, with the trial's seed.
  public let attack: AttackConfiguration
  /// The name of the way to train.
  public let method: String
  /// What else decides its results.
  let setup: TrialSetup
  /// Decides what is planted and how the model is trained.
  public let seed: UInt64
  /// The scan's settings, before they adapt to the crawl.
  public let document: ConfigurationDocument
  /// The same as values.
  public let configuration: ScanConfiguration
  /// Names what was planted: the same for all methods.
  let plantingName: String
  /// Names the trial: two with the same are the same.
  let fingerprint: String

  init(
    _ lab: LabConfiguration, _ attack: AttackConfiguration, _ method: TrialMethod, seed: UInt64
  ) throws {
    var attack = attack
    attack.seed = seed
    var document = ConfigurationDocument()
    for (name, value) in lab.settings.sorted(by: { $0.key < $1.key }) {
      try document.set(name, to: value, origin: "settings of the lab")
    }
    for (name, value) in method.settings.sorted(by: { $0.key < $1.key }) {
      try document.set(name, to: value, origin: "method '\(method.name)'")
    }
    try document.set("seed", to: SettingValue(seed), origin: "seed")
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    let planting = [
      lab.crawl, lab.format?.rawValue ?? "", lab.labels ?? "", lab.words.joined(separator: "\n"),
      String(decoding: try encoder.encode(attack), as: UTF8.self),
    ]
    setup = TrialSetup(lab, method)
    let training = [
      method.name, String(decoding: try document.json(), as: UTF8.self),
      document.explicitNames.sorted().joined(separator: "\n"), try setup.json(),
    ]
    self.attack = attack
    self.method = method.name
    self.seed = seed
    self.document = document
    configuration = try document.decoded()
    plantingName = "planted-" + ContentDigest(of: planting).hexadecimal.prefix(12)
    fingerprint = ContentDigest(of: planting + training).hexadecimal
  }

  /// Opens the lab's crawl as this trial's settings say.
  func crawl(of lab: LabConfiguration) throws -> any CrawlReader {
    try Crawl.reader(for: lab.crawl, format: lab.format, configuration: configuration.crawl)
  }

  /// Throws `LabError.invalidSetting` where the settings cannot train together, on a crawl of any size.
  ///
  /// The settings are adapted to the largest of small crawls unless a part of so many pairs is drawn: that one asks for the
  /// fewest epochs.
  func validateTraining() throws(LabError) {
    let pairs = max(
      TrainingConfiguration.minimumPairs, attack.sample ?? TrainingConfiguration.smallCrawl - 1)
    let adapted = configuration.training.adapted(
      pairCount: pairs, trustedCount: setup.trustedShare.map { Int($0 * Double(pairs)) },
      explicit: document.explicitNames)
    do {
      try adapted.configuration.validate(pairCount: pairs)
    } catch .invalidSetting(let name, let value, let expected) {
      throw .invalidSetting(name: "\(name) of '\(method)'", value: value, expected: expected)
    } catch {
      throw .invalidSetting(name: "method", value: method, expected: "one that can train: \(error)")
    }
  }

  /// As tables name the attack: its kind and how much of it there is.
  public var attackName: String { attack.label }
}

extension AttackConfiguration {
  /// Kind and number or share of planted pairs: `badnet, 40 pairs`.
  package var label: String {
    guard let rate else { return "\(attack.rawValue), \(count) pairs" }
    return "\(attack.rawValue), \(String(format: "%g", 100 * rate)) %"
  }
}
