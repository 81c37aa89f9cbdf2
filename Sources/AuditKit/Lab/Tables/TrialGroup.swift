import AuditEvaluation
import AuditReport
import AuditRisk

/// The finished trials of one attack and one method, over seeds.
public struct TrialGroup: Sendable {
  /// The attack as tables name it.
  public let attackName: String
  /// The way to train.
  public let method: String
  /// In the order in which they began.
  public let trials: [TrialRecord]
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
      for trial in group.trials { measures.append(try store.measures(of: trial.id)) }
      result.append(
        TrialGroup(
          attackName: group.attackName, method: group.method, trials: group.trials,
          measures: measures))
    }
    return result
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
