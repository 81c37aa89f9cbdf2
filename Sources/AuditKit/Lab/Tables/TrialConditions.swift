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
  /// Pairs that were trained on.
  private let pairs: Int

  /// Settings in which trials of one kind differ.
  private static let ofOneTrial: Set<String> = ["seed", "trusted"]

  init(_ trial: TrialRecord) {
    crawl = trial.crawl
    attackName = trial.attackName
    method = trial.method
    pairs = trial.pairs ?? 0
    parameters = Self.leaves(trial.attack)
    settings = Self.leaves(trial.configuration ?? "{}")
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

  /// Planted pairs as a share of those that were trained on.
  var poisonRate: Double? {
    guard pairs > 0 else { return nil }
    if let rate = parameters["rate"].flatMap(Double.init) { return rate }
    return parameters["count"].flatMap(Double.init).map { $0 / Double(pairs) }
  }

  /// Whether times of both can be compared.
  func takesAsLong(as other: TrialConditions) -> Bool {
    (crawl, pairs) == (other.crawl, other.pairs)
      && ["preset", "threads", "training.batchSize"].allSatisfy { setting($0) == other.setting($0) }
  }

  /// Names of attacks and methods in which no two conditions look alike that differ: with the parameters, and then
  /// the settings, that make the difference.
  static func names(_ all: [TrialConditions]) -> [(attack: String, method: String)] {
    all.map { own in
      let namesakes = all.filter { $0.attackName == own.attackName }
      var attack = own.attackName + own.differences(\.parameters, namesakes)
      if namesakes.contains(where: { $0.crawl != own.crawl }) { attack += ", \(own.crawlName)" }
      let rivals = namesakes.filter {
        ($0.crawl, $0.parameters, $0.method) == (own.crawl, own.parameters, own.method)
      }
      return (attack, own.method + own.differences(\.settings, rivals))
    }
  }

  private func differences(
    _ values: KeyPath<TrialConditions, [String: String]>, _ others: [TrialConditions]
  ) -> String {
    let own = self[keyPath: values]
    let names = Set(others.flatMap { $0[keyPath: values].keys }).filter { name in
      others.contains { $0[keyPath: values][name] != own[name] }
    }
    return names.sorted().map { ", \($0) \(own[$0] ?? "-")" }.joined()
  }
}
