/// The tables of the paper (Yang, Gao and Mirzasoleiman, ICML 2024) that a lab can fill with numbers of
/// other data: the paper's rows first, then this data's.
public enum PaperTable: Int, CaseIterable, Sendable {
  /// Attack success by method and attack.
  case attackSuccess = 1
  /// Planted pairs in the safe set by epochs of warm-up and passes of the CLIP loss.
  case warmUp = 3
  /// Attack success by the learning rate of the slow passes.
  case slowLearningRate = 4
  /// Attack success without unimodal learning on the risky set, and without the pool.
  case ablation = 5
  /// Poison in the safe set, and its size, by the mixture's threshold.
  case threshold = 6
  /// Time of an epoch relative to one of plain CLIP.
  case time = 8
  /// Attack success by poison rate.
  case poisonRate = 9
  /// Attack success of attacks with several triggers.
  case multipleTriggers = 10
  /// Size and poison rate of the safe set.
  case safeSet = 12

  /// What it shows.
  public var title: String {
    switch self {
    case .attackSuccess: "Table 1: attack success"
    case .warmUp: "Table 3: planted pairs in the first safe set, by warm-up"
    case .slowLearningRate: "Table 4: attack success, by the slow passes' learning rate"
    case .ablation: "Table 5: attack success of ablations"
    case .threshold: "Table 6: planted pairs in the safe set (and its size), by threshold"
    case .time: "Table 8: time of an epoch, in epochs of plain CLIP"
    case .poisonRate: "Table 9: attack success of SafeCLIP, by poison rate"
    case .multipleTriggers: "Table 10: attack success of SafeCLIP against several triggers"
    case .safeSet: "Table 12: the safe set"
    }
  }

  /// The paper's rows and those of `groups` that belong into it.
  public func table(_ groups: [TrialGroup]) -> LabTable {
    let (columns, paper) = paperRows
    return LabTable(title: title, columns: columns, rows: paper + ownRows(groups))
  }

  /// Heads of the columns, and what the paper has in them.
  private var paperRows: (columns: [String], rows: [[String]]) {
    switch self {
    case .attackSuccess:
      (
        ["data", "method", "tdpa", "badnet", "blended", "wanet"],
        [
          ["paper, CC1M", "clip", "93.75 %", "100 %", "99.3 %", "96.3 %"],
          ["paper, CC1M", "roclip", "0 %", "0 %", "0 %", "0 %"],
          ["paper, CC1M", "safeclip", "0 %", "0 %", "0 %", "0 %"],
          ["paper, COCO", "clip", "62.5 %", "31.0 %", "95.3 %", "7.6 %"],
          ["paper, COCO", "roclip", "0 %", "0 %", "2.6 %", "0 %"],
          ["paper, COCO", "safeclip", "0 %", "0 %", "2 %", "0 %"],
        ]
      )
    case .warmUp:
      (
        ["data", "attack", "warm-up epochs", "slow passes", "planted pairs in safe set"],
        [
          ["paper", "tdpa", "5", "1", "0.09 %"], ["paper", "tdpa", "1", "1", "1 %"],
          ["paper", "tdpa", "10", "1", "0.03 %"], ["paper", "tdpa", "5", "0", "12.28 %"],
          ["paper", "tdpa", "5", "2", "6.8 %"],
        ]
      )
    case .slowLearningRate:
      (
        ["data", "attack", "learning rate", "attack success"],
        [["paper, CC1M", "tdpa", "three low ones", "0 %, 0 %, 0 %"]]
      )
    case .ablation:
      (
        ["data", "attack", "method", "unimodal on risky", "pool", "attack success"],
        [
          ["paper, CC1M", "tdpa", "safeclip", "yes", "256", "0 %"],
          ["paper, CC1M", "tdpa", "no unimodal loss", "no", "-", "12.5 %"],
          ["paper, CC1M", "tdpa", "no pool", "yes", "0", "12.5 %"],
          ["paper, COCO", "tdpa", "no unimodal loss", "no", "-", "12.5 %"],
          ["paper, COCO", "tdpa", "no pool", "yes", "0", "25.0 %"],
        ]
      )
    case .threshold:
      (
        ["data", "attack", "threshold", "planted pairs in safe set", "safe set"],
        [
          ["paper, CC1M", "tdpa", "0.95", "-", "5.8 %"],
          ["paper, CC1M", "tdpa", "0.9", "-", "11.4 %"],
          ["paper, CC1M", "tdpa", "0.7", "-", "29.0 %"],
          ["paper, CC1M", "tdpa", "0.5", "-", "45.2 %"],
        ]
      )
    case .time:
      (
        ["data", "method", "stage", "time"],
        [
          ["paper", "safeclip", "warmUp", "1"], ["paper", "safeclip", "mixed", "1"],
          ["paper", "clip", "plain", "1"], ["paper", "roclip", "plain", "1.06"],
        ]
      )
    case .poisonRate:
      (
        ["data", "attack", "attack success"],
        [
          ["paper, CC1M", "tdpa, 0.05 %", "0 %"], ["paper, CC1M", "tdpa, 0.1 %", "6.25 %"],
          ["paper, CC1M", "badnet, 0.05 %", "0 %"], ["paper, CC1M", "badnet, 0.1 %", "0 %"],
          ["paper, COCO", "badnet, 0.5 %", "0 %"],
        ]
      )
    case .multipleTriggers:
      (
        ["data", "attack", "attack success"],
        [
          ["paper, COCO", "hybrid", "0 %"], ["paper, COCO", "parallel-one", "0 %"],
          ["paper, COCO", "parallel-all", "0 %"],
        ]
      )
    case .safeSet:
      (
        ["data", "attack", "safe set", "poison rate in it"],
        [
          ["paper, CC3M", "tdpa and badnet", "17.79 %", "0.000606 %"],
          ["paper, CC1M", "tdpa and badnet", "11.38 %", "0.000375 %"],
          ["paper, CC100K", "tdpa and badnet", "6.25 %", "0.00176 %"],
        ]
      )
    }
  }
}
