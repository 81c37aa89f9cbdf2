import AuditEvaluation
import AuditFiles
import AuditKit
import AuditReport
import AuditRisk
import AuditTraining
import Foundation

/// The finished trials of one attack and one method, over seeds.
public struct TrialGroup: Sendable {
  /// The attack as tables name it.
  public let attackName: String
  /// The way to train.
  public let method: String
  /// In the order in which they began.
  public let trials: [TrialRecord]
  /// What the models were worth after each epoch that all trials have, means over them.
  public let epochs: [TrialEpoch]
  private let measures: [[MeasureRow]]

  /// The groups of a database, in the order of their first trials.
  ///
  /// - Throws: `LabError.unusableDatabase`.
  public static func all(in store: LabStore) throws(LabError) -> [TrialGroup] {
    var groups: [(attackName: String, method: String, trials: [TrialRecord])] = []
    for trial in try store.trials() where trial.state == .finished {
      let place = groups.firstIndex {
        $0.attackName == trial.attackName && $0.method == trial.method
      }
      if let place {
        groups[place].trials.append(trial)
      } else {
        groups.append((trial.attackName, trial.method, [trial]))
      }
    }
    var result: [TrialGroup] = []
    for group in groups {
      var measures: [[MeasureRow]] = []
      var epochs: [[TrialEpoch]] = []
      for trial in group.trials {
        measures.append(try store.measures(of: trial.id))
        epochs.append(try store.epochs(of: trial.id))
      }
      result.append(
        TrialGroup(
          attackName: group.attackName, method: group.method, trials: group.trials,
          epochs: means(epochs), measures: measures))
    }
    return result
  }

  private static func means(_ trials: [[TrialEpoch]]) -> [TrialEpoch] {
    let count = trials.map(\.count).min() ?? 0
    return (0..<count).map { number in
      let epochs = trials.map { $0[number] }
      func mean(_ value: (TrialEpoch) -> Double?) -> Double? {
        let values = epochs.compactMap(value)
        return values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
      }
      return TrialEpoch(
        number: epochs[0].number, stage: epochs[0].stage, attackSuccess: mean(\.attackSuccess),
        zeroShotAccuracy: mean(\.zeroShotAccuracy), recallAt10: mean(\.recallAt10),
        safeShare: mean(\.safeShare), plantedInSafeSet: mean(\.plantedInSafeSet))
    }
  }

  /// The crawl's last path component.
  var crawlName: String { trials.first.map { Folder.name(of: $0.crawl) } ?? "-" }

  /// The kind of attack, without its amount.
  var attackKind: String { String(attackName.prefix { $0 != "," }) }

  /// Whether it was trained by SafeCLIP, with whatever settings.
  var isSafeCLIP: Bool { setting("training.method") == Method.safeclip.rawValue }

  /// A setting of its trials, adapted to the crawl, as text; a dash where it is not known.
  func setting(_ name: String) -> String {
    var document = ConfigurationDocument()
    guard let text = trials.first?.configuration, let setting = Setting.named(name),
      (try? document.merge(json: Data(text.utf8), origin: "trial")) != nil
    else { return "-" }
    let value = document.value(of: setting)
    if case .text(let text) = value { return text }
    return value.description
  }

  /// What a measure was taken of, in the order in which it was.
  func subjects(of name: String) -> [String] {
    var subjects: [String] = []
    for row in measures.joined() where row.name == name && !subjects.contains(row.subject) {
      subjects.append(row.subject)
    }
    return subjects
  }

  /// The mean of a measure over the trials that have it; nil where none has.
  ///
  /// The interval is Student's over seeds, cut to 0...1 for shares, and a single trial's own where there is
  /// only one.
  public func estimate(_ name: String, _ subject: String) -> IntervalEstimate? {
    let rows = measures.compactMap { $0.first { $0.name == name && $0.subject == subject } }
    guard let first = rows.first else { return nil }
    let values = rows.map(\.value)
    guard var mean = IntervalEstimate(meanOf: values) else {
      return IntervalEstimate(
        value: first.value, lower: first.low ?? first.value, upper: first.high ?? first.value)
    }
    if values.allSatisfy({ (0...1).contains($0) }) {
      mean.lower = max(0, mean.lower)
      mean.upper = min(1, mean.upper)
    }
    return mean
  }
}
