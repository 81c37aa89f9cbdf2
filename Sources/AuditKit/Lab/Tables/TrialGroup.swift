import AuditEvaluation
import AuditFiles
import AuditKit
import AuditReport
import AuditRisk
import AuditTraining
import Foundation

/// The finished trials that have everything in common but their seeds.
public struct TrialGroup: Sendable {
  /// The attack as tables name it, with the parameters by which it differs from others of that name.
  public let attackName: String
  /// The way to train, with the settings by which it differs from others of that name.
  public let method: String
  /// In the order in which they began.
  public let trials: [TrialRecord]
  /// What the models were worth after each epoch, means over the trials that have it: those whose slow passes end early have
  /// fewer of them.
  public let epochs: [TrialEpoch]
  let conditions: TrialConditions
  private let epochsOfTrials: [[TrialEpoch]]
  private let measures: [[MeasureRow]]

  /// The groups of a database, in the order of their first trials.
  ///
  /// - Throws: `LabError.unusableDatabase`.
  public static func all(in store: LabStore) throws(LabError) -> [TrialGroup] {
    var groups: [(conditions: TrialConditions, trials: [TrialRecord])] = []
    for trial in try store.trials() where trial.state == .finished {
      let conditions = TrialConditions(trial)
      // Two trials of one seed are no repetition: something differs that the record does not hold.
      let place = groups.firstIndex { group in
        group.conditions == conditions && !group.trials.contains { $0.seed == trial.seed }
      }
      if let place {
        groups[place].trials.append(trial)
      } else {
        groups.append((conditions, [trial]))
      }
    }
    let names = TrialConditions.names(groups.map(\.conditions))
    var result: [TrialGroup] = []
    for (group, name) in zip(groups, names) {
      result.append(
        try TrialGroup(store, group.trials, group.conditions, name.attack, name.method))
    }
    return result
  }

  private init(
    _ store: LabStore, _ trials: [TrialRecord], _ conditions: TrialConditions,
    _ attackName: String, _ method: String
  ) throws(LabError) {
    var measures: [[MeasureRow]] = []
    var epochs: [[TrialEpoch]] = []
    for trial in trials {
      measures.append(try store.measures(of: trial.id))
      epochs.append(try store.epochs(of: trial.id))
    }
    self.attackName = attackName
    self.method = method
    self.trials = trials
    self.conditions = conditions
    self.measures = measures
    epochsOfTrials = epochs
    self.epochs = Self.means(epochs)
  }

  /// Epochs of trials belong together by their places in their stages, not in the training.
  private static func means(_ trials: [[TrialEpoch]]) -> [TrialEpoch] {
    let together = Stage.allCases.flatMap { stage in
      let own = trials.map { $0.filter { $0.stage == stage.rawValue } }
      return (0..<(own.map(\.count).max() ?? 0)).map { place in
        own.filter { place < $0.count }.map { $0[place] }
      }
    }
    return together.enumerated().map { number, epochs in
      func mean(_ value: (TrialEpoch) -> Double?) -> Double? {
        let values = epochs.compactMap(value)
        return values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
      }
      return TrialEpoch(
        number: number, stage: epochs[0].stage, attackSuccess: mean(\.attackSuccess),
        zeroShotAccuracy: mean(\.zeroShotAccuracy), recallAt10: mean(\.recallAt10),
        trainingSeconds: mean(\.trainingSeconds), scoringSeconds: mean(\.scoringSeconds),
        safeShare: mean(\.safeShare), plantedInSafeSet: mean(\.plantedInSafeSet))
    }
  }

  /// How many epochs of a stage its trials made: slow passes can end early.
  func epochCounts(of stage: Stage) -> ClosedRange<Int> {
    let counts = epochsOfTrials.map { $0.count { $0.stage == stage.rawValue } }
    return (counts.min() ?? 0)...(counts.max() ?? 0)
  }

  /// Pairs that its first trial trained on.
  private var pairs: Int { trials.first?.pairs ?? 0 }

  /// Planted pairs as a share of those that were trained on.
  var poisonRate: Double? {
    let rate = conditions.poisonRate(among: pairsOfCrawl)
    guard let kept = estimate("plantedInSafeSet", "cleanModel")?.value, pairs > 0 else {
      return rate
    }
    return rate.map { $0 * kept * Double(pairsOfCrawl) / Double(pairs) }
  }

  /// Pairs of its first trial, those included that a clean model dropped before training.
  private var pairsOfCrawl: Int {
    guard let share = estimate("share", "cleanModel")?.value, share > 0 else { return pairs }
    return Int((Double(pairs) / share).rounded())
  }

  /// A measure of the last safe set, or else of what a clean model kept.
  func ofSafePairs(_ name: String) -> IntervalEstimate? {
    estimate(name, "safeSet") ?? estimate(name, "cleanModel")
  }

  /// A measure of the first safe set; of trials of earlier versions, which lack some, from their epochs and without an interval.
  func ofFirstSafeSet(_ name: String) -> IntervalEstimate? {
    if let estimate = estimate(name, "firstSafeSet") { return estimate }
    guard let epoch = epochs.first(where: { $0.safeShare != nil }), let share = epoch.safeShare
    else { return nil }
    let value: Double? =
      switch name {
      case "share": share
      case "plantedInSafeSet": epoch.plantedInSafeSet
      case "poisonRate" where share > 0:
        poisonRate.flatMap { rate in epoch.plantedInSafeSet.map { $0 * rate / share } }
      default: nil
      }
    return value.map { IntervalEstimate(value: $0, lower: $0, upper: $0) }
  }

  /// The mean time of its trials; of those that were stopped and taken up again that of their epochs.
  var seconds: Double? {
    let times = zip(trials, epochsOfTrials).compactMap { trial, epochs in
      trial.seconds.map { last in
        max(last, epochs.reduce(0) { $0 + ($1.trainingSeconds ?? 0) + ($1.scoringSeconds ?? 0) })
      }
    }
    return times.isEmpty ? nil : times.reduce(0, +) / Double(times.count)
  }

  /// Whether times of both can be compared.
  func takesAsLong(as other: TrialGroup) -> Bool {
    pairsOfCrawl == other.pairsOfCrawl && conditions.takesAsLong(as: other.conditions)
  }

  /// Numbers of its trials in the database.
  var trialNumbers: String { trials.map { "\($0.id)" }.joined(separator: ", ") }

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
  /// The interval is a single trial's own where there is only one, else Student's over seeds or what the trials' own
  /// intervals leave of their mean, whichever is wider; cut to 0...1 for shares.
  public func estimate(_ name: String, _ subject: String) -> IntervalEstimate? {
    let rows = measures.compactMap { $0.first { $0.name == name && $0.subject == subject } }
    let own = rows.map { row in
      IntervalEstimate(
        value: row.value, lower: row.low ?? row.value, upper: row.high ?? row.value)
    }
    guard var mean = IntervalEstimate(meanOf: rows.map(\.value)) else { return own.first }
    let pooled = IntervalEstimate(pooling: own)
    mean.lower = min(mean.lower, pooled.lower)
    mean.upper = max(mean.upper, pooled.upper)
    if rows.allSatisfy({ (0...1).contains($0.value) }) {
      mean.lower = max(0, mean.lower)
      mean.upper = min(1, mean.upper)
    }
    return mean
  }

  /// The mean time of the epochs that `isWanted` of a trial's, training or scoring; nil where none was timed.
  ///
  /// The interval is Student's over seeds, or over the epochs of a single trial. Epochs that took more than twice the
  /// trial's median are left out: the machine slept, or had other work.
  func seconds(
    _ time: KeyPath<TrialEpoch, Double?>, _ isWanted: ([TrialEpoch]) -> [TrialEpoch]
  ) -> IntervalEstimate? {
    let times = epochsOfTrials.map { epochs in
      let all = isWanted(epochs).compactMap { $0[keyPath: time] }.sorted()
      return all.filter { $0 <= 2 * all[(all.count - 1) / 2] }
    }.filter { !$0.isEmpty }
    let means = times.map { $0.reduce(0, +) / Double($0.count) }
    guard let first = means.first else { return nil }
    return IntervalEstimate(meanOf: means.count > 1 ? means : times[0])
      ?? IntervalEstimate(value: first, lower: first, upper: first)
  }
}

extension IntervalEstimate {
  /// The mean of estimates that know nothing of each other: errors add as squares.
  fileprivate init(pooling own: [IntervalEstimate]) {
    let count = Double(own.count)
    let value = own.map(\.value).reduce(0, +) / count
    func error(_ width: (IntervalEstimate) -> Double) -> Double {
      own.map { width($0) * width($0) }.reduce(0, +).squareRoot() / count
    }
    self.init(
      value: value, lower: value - error { $0.value - $0.lower },
      upper: value + error { $0.upper - $0.value })
  }
}
