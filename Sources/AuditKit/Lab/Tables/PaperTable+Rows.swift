import AuditRisk
import Foundation

extension PaperTable {
  /// This data's rows.
  func ownRows(_ groups: [TrialGroup]) -> [[String]] {
    let safe = groups.filter { $0.isSafeCLIP }
    switch self {
    case .attackSuccess: return Self.attackSuccessRows(groups)
    case .warmUp:
      return safe.map { group in
        [
          group.crawlName, group.attackName, group.setting("training.warmUpEpochs"),
          group.setting("training.slowPasses"),
          LabTable.share(group.estimate("plantedInSafeSet", "firstSafeSet")),
        ]
      }
    case .slowLearningRate:
      return safe.map { group in
        [
          group.crawlName, group.attackName, group.setting("training.slowLearningRate"),
          Self.success(group),
        ]
      }
    case .ablation:
      return safe.map { group in
        [
          group.crawlName, group.attackName, group.method,
          group.setting("training.riskyUnimodal") == "true" ? "yes" : "no",
          group.setting("training.poolCapacity"), Self.success(group),
        ]
      }
    case .threshold:
      return safe.map { group in
        [
          group.crawlName, group.attackName, group.setting("training.safeThreshold"),
          LabTable.share(group.estimate("plantedInSafeSet", "safeSet")),
          LabTable.share(group.estimate("share", "safeSet")),
        ]
      }
    case .time: return Self.timeRows(groups)
    case .poisonRate: return safe.map { [$0.crawlName, $0.attackName, Self.success($0)] }
    case .multipleTriggers:
      let kinds = ["hybrid", "parallel-one", "parallel-all"]
      return safe.filter { kinds.contains($0.attackKind) }
        .map { [$0.crawlName, $0.attackName, Self.success($0)] }
    case .safeSet:
      return safe.map { group in
        [
          group.crawlName, group.attackName, LabTable.share(group.estimate("share", "safeSet")),
          LabTable.share(group.estimate("poisonRate", "safeSet")),
        ]
      }
    }
  }

  private static func success(_ group: TrialGroup) -> String {
    LabTable.share(group.estimate("attackSuccess", "probes"))
  }

  /// A row for each method, with its first group of each kind of attack.
  private static func attackSuccessRows(_ groups: [TrialGroup]) -> [[String]] {
    var methods: [String] = []
    for group in groups where !methods.contains(group.method) { methods.append(group.method) }
    return methods.map { method in
      let own = groups.filter { $0.method == method }
      let cells = ["tdpa", "badnet", "blended", "wanet"].map { kind in
        own.first { $0.attackKind == kind }.map(success) ?? "-"
      }
      return [own[0].crawlName, method] + cells
    }
  }

  /// Stages in epochs of plain CLIP on the same crawl, whatever the attack.
  private static func timeRows(_ groups: [TrialGroup]) -> [[String]] {
    let plain = groups.first { $0.method == "clip" }?
      .estimate("secondsPerEpoch", "plain")?.value
    guard let plain, plain > 0 else { return [] }
    var rows: [[String]] = []
    for group in groups {
      for stage in ["warmUp", "slowPass", "mixed", "plain", "cleaning"] {
        guard let seconds = group.estimate("secondsPerEpoch", stage)?.value else { continue }
        let head = [group.crawlName, group.method, stage]
        guard !rows.contains(where: { Array($0.prefix(3)) == head }) else { continue }
        rows.append(head + [String(format: "%.2f", seconds / plain)])
      }
    }
    return rows
  }
}
