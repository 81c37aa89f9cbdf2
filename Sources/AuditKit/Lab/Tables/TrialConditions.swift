import AuditFiles
import AuditKit
import AuditTraining
import Foundation

/// All that decides what a trial gives but its seed.
struct TrialConditions: Hashable, Sendable {
  let crawl: String
  /// The attack's name and parameters, by their names in JSON.
  let attackName: String
  private let parameters: [String: String]
  /// The way to train, by its name in the grid.
  let method: String
  /// All settings, adapted to the crawl, by their dotted names.
  private let settings: [String: String]
  /// What else decides the results: classes, prompts, trusted pairs and the like.
  private let setup: [String: String]

  /// Settings in which trials of one kind differ.
  private static let ofOneTrial: Set<String> = ["seed", "trusted"]

  init(_ trial: TrialRecord) {
    crawl = trial.crawl
    attackName = trial.attackName
    method = trial.method
    parameters = Self.leaves(trial.attack)
    settings = Self.leaves(trial.configuration ?? "{}")
    setup = Self.leaves(trial.setup ?? "{}")
  }

  private static func leaves(_ json: String) -> [String: String] {
    let value = try? JSONDecoder().decode(SettingValue.self, from: Data(json.utf8))
    var leaves: [String: String] = [:]
    for leaf in value?.leaves() ?? [] where !ofOneTrial.contains(leaf.name) {
      leaves[leaf.name] = if case .text(let text) = leaf.value { text } else { "\(leaf.value)" }
    }
    return leaves
  }

  /// The crawl's last path component.
  var crawlName: String { Folder.name(of: crawl) }

  /// The kind of attack, without its amount.
  var attackKind: String { parameters["attack"] ?? "-" }

  /// Whether it was trained by this method, with whatever settings.
  func isTrained(by method: Method) -> Bool { setting("training.method") == method.rawValue }

  /// A setting as text; a dash where it is not known.
  func setting(_ name: String) -> String { settings[name] ?? "-" }

  /// Whether it trained by plain CLIP on the crawl as it is, planted pairs included.
  var isPlain: Bool {
    isTrained(by: .clip) && !isControl && !setup.keys.contains { $0.hasPrefix("cleanModel") }
  }

  /// Whether it trained without what is planted.
  private var isControl: Bool { setup["poisoned"] == "false" }

  /// Planted pairs as a share of the `pairs` that were trained on.
  func poisonRate(among pairs: Int) -> Double? {
    if isControl { return 0 }
    if let rate = parameters["rate"].flatMap(Double.init) { return rate }
    guard pairs > 0 else { return nil }
    return parameters["count"].flatMap(Double.init).map { $0 / Double(pairs) }
  }

  /// Whether times of both can be compared, where they are of as many pairs.
  func takesAsLong(as other: TrialConditions) -> Bool {
    crawl == other.crawl
      && ["preset", "threads", "training.batchSize"].allSatisfy { setting($0) == other.setting($0) }
  }

  /// Names of attacks and methods in which no two conditions look alike that differ: with the parameters, and then
  /// the settings and the rest of the setup, that make the difference.
  static func names(_ all: [TrialConditions]) -> [(attack: String, method: String)] {
    all.map { own in
      let namesakes = all.filter { $0.attackName == own.attackName }
      var attack = own.attackName + own.differences(\.parameters, namesakes)
      if namesakes.contains(where: { $0.crawl != own.crawl }) { attack += ", \(own.crawlName)" }
      let rivals = namesakes.filter {
        ($0.crawl, $0.parameters, $0.method) == (own.crawl, own.parameters, own.method)
      }
      let method = own.isControl ? "\(own.method) (nothing planted)" : own.method
      return (
        attack, method + own.differences(\.settings, rivals) + own.differences(\.setup, rivals)
      )
    }
  }

  private func differences(
    _ values: KeyPath<TrialConditions, [String: String]>, _ others: [TrialConditions]
  ) -> String {
    let own = self[keyPath: values]
    let names = Set(others.flatMap { $0[keyPath: values].keys }).filter { name in
      others.contains { $0[keyPath: values][name] != own[name] }
    }
    return names.sorted().map { ", \($0) \(Self.brief(own[$0] ?? "-"))" }.joined()
  }

  /// A value that a table has room for: a long one as its beginning and digits of its digest.
  private static func brief(_ text: String) -> String {
    guard text.count > 24 else { return text }
    return "\(text.prefix(16))… \(ContentDigest(of: [text]).hexadecimal.prefix(4))"
  }
}
