import AuditRisk
import AuditTraining
import Foundation

extension PaperTable {
  /// This data's rows.
  func ownRows(_ groups: [TrialGroup]) -> [[String]] {
    let safe = groups.filter { $0.conditions.isTrained(by: .safeclip) }
    switch self {
    case .attackSuccess: return Self.attackSuccessRows(groups)
    case .warmUp:
      return safe.map { group in
        Self.head(group) + [
          Self.epochs(of: .warmUp, group), Self.epochs(of: .slowPass, group),
          LabTable.share(group.ofFirstSafeSet("plantedInSafeSet")),
        ]
      }
    case .slowLearningRate:
      return safe.map { group in
        Self.head(group) + [
          group.conditions.setting("training.slowLearningRate"), Self.success(group),
        ]
      }
    case .ablation:
      return safe.map { group in
        Self.head(group) + [
          group.conditions.setting("training.riskyUnimodal") == "true" ? "yes" : "no",
          group.conditions.setting("training.poolCapacity"), Self.success(group),
        ]
      }
    case .threshold:
      return safe.map { group in
        Self.head(group) + [
          group.conditions.setting("training.safeThreshold"),
          LabTable.share(group.ofFirstSafeSet("plantedInSafeSet")),
          LabTable.share(group.ofFirstSafeSet("share")),
        ]
      }
    case .time: return Self.timeRows(groups)
    case .poisonRate:
      return safe.map { group in
        Self.head(group) + [
          group.poisonRate.map(LabTable.percent) ?? "-", Self.success(group),
        ]
      }
    case .multipleTriggers:
      let kinds = ["hybrid", "parallel-one", "parallel-all"]
      return safe.filter { kinds.contains($0.conditions.attackKind) }
        .map { Self.head($0) + [Self.success($0)] }
    case .safeSet:
      return safe.map { group in
        Self.head(group) + [
          LabTable.share(group.ofFirstSafeSet("share")),
          LabTable.share(group.ofFirstSafeSet("poisonRate")),
        ]
      }
    }
  }

  /// Crawl, attack and method, by which most rows begin.
  private static func head(_ group: TrialGroup) -> [String] {
    [group.conditions.crawlName, group.attackName, group.method]
  }

  private static func success(_ group: TrialGroup) -> String {
    LabTable.share(group.estimate("attackSuccess", "probes"))
  }

  /// Epochs that were made, not those planned.
  private static func epochs(of stage: Stage, _ group: TrialGroup) -> String {
    let counts = group.epochCounts(of: stage)
    return counts.count == 1
      ? "\(counts.lowerBound)" : "\(counts.lowerBound) to \(counts.upperBound)"
  }

  /// A row for each method on each crawl, with all its groups of each kind of attack.
  private static func attackSuccessRows(_ groups: [TrialGroup]) -> [[String]] {
    var heads: [[String]] = []
    for group in groups {
      let head = [group.conditions.crawl, group.method]
      if !heads.contains(head) { heads.append(head) }
    }
    return heads.compactMap { head in
      let own = groups.filter { [$0.conditions.crawl, $0.method] == head }
      let cells = ["tdpa", "badnet", "label-consistent", "blended", "wanet"].map { kind in
        let attacks = own.filter { $0.conditions.attackKind == kind }
        guard attacks.count > 1 else { return attacks.first.map(success) ?? "-" }
        return attacks.map { group in
          "\(group.attackName.trimmingPrefix("\(kind), ")): \(success(group))"
        }.joined(separator: "; ")
      }
      return own.first.map { [$0.conditions.crawlName, $0.method] + cells }
    }
  }

  /// Stages in epochs of plain CLIP on the same crawl with as many pairs and threads, whatever the attack; of trials that
  /// are alike the quickest, since other work on the machine only makes them slower.
  private static func timeRows(_ groups: [TrialGroup]) -> [[String]] {
    var rows: [[String]] = []
    var shown: [[String]] = []
    for group in groups {
      let head = [group.conditions.crawl, group.method]
      guard !shown.contains(head) else { continue }
      let alike = groups.filter { $0.takesAsLong(as: group) }
      let plain = alike.filter(\.conditions.isPlain).compactMap {
        $0.seconds(\.trainingSeconds) { of(.plain, $0) }
      }
      guard let plain = quickest(plain), plain.value > 0 else { continue }
      shown.append(head)
      let times = alike.filter { $0.method == group.method }.map(times)
      for (name, _) in times.first ?? [] {
        let own = times.compactMap { $0.first { $0.name == name }?.seconds }
        guard let seconds = quickest(own) else { continue }
        rows.append(
          [group.conditions.crawlName, group.method, name, LabTable.multiple(seconds, of: plain)])
      }
    }
    return rows
  }

  private static func quickest(_ times: [IntervalEstimate]) -> IntervalEstimate? {
    times.min { $0.value < $1.value }
  }

  private static func times(
    _ group: TrialGroup
  ) -> [(name: String, seconds: IntervalEstimate?)] {
    let stages = Stage.allCases.map { stage in
      (stage.rawValue, group.seconds(\.trainingSeconds) { of(stage, $0) })
    }
    guard group.conditions.isTrained(by: .safeclip) else { return stages }
    return stages + [
      (
        "split",
        group.seconds(\.scoringSeconds) { epochs in
          epochs.last { $0.stage != Stage.mixed.rawValue }.map { [$0] } ?? []
        }
      ),
      ("update of the safe set", group.seconds(\.scoringSeconds) { of(.mixed, $0) }),
    ]
  }

  private static func of(_ stage: Stage, _ epochs: [TrialEpoch]) -> [TrialEpoch] {
    epochs.filter { $0.stage == stage.rawValue }
  }
}
