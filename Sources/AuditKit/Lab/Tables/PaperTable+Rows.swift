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
          LabTable.share(group.estimate("plantedInSafeSet", "firstSafeSet")),
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
          LabTable.share(group.estimate("plantedInSafeSet", "firstSafeSet")),
          LabTable.share(group.estimate("share", "firstSafeSet")),
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
          LabTable.share(group.estimate("share", "firstSafeSet")),
          LabTable.share(group.estimate("poisonRate", "firstSafeSet")),
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

  /// Stages in epochs of plain CLIP on the same crawl with as many pairs and threads, whatever the attack; the first
  /// group of each method.
  private static func timeRows(_ groups: [TrialGroup]) -> [[String]] {
    var rows: [[String]] = []
    for group in groups {
      let plain = groups.first {
        $0.conditions.isPlain && $0.takesAsLong(as: group)
      }
      guard let plain = plain?.seconds(\.trainingSeconds, { of(.plain, $0) }), plain.value > 0
      else { continue }
      for (name, seconds) in times(group) {
        let row = [group.conditions.crawlName, group.method, name]
        guard let seconds, !rows.contains(where: { Array($0.prefix(3)) == row }) else { continue }
        rows.append(row + [LabTable.multiple(seconds, of: plain)])
      }
    }
    return rows
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
