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
    case .warmUp: "Table 3: planted pairs in the first safe set, by epochs before it"
    case .slowLearningRate: "Table 4: attack success, by the slow passes' learning rate"
    case .ablation: "Table 5: attack success of ablations"
    case .threshold: "Table 6: planted pairs in the safe set (and its size), by threshold"
    case .time: "Table 8: time of an epoch, in epochs of plain CLIP"
    case .poisonRate: "Table 9: attack success of SafeCLIP, by poison rate"
    case .multipleTriggers: "Table 10: attack success of SafeCLIP against several triggers"
    case .safeSet: "Table 12: the first safe set"
    }
  }

  /// The paper's rows and those of `groups` that belong into it.
  public func table(_ groups: [TrialGroup]) -> LabTable {
    let (columns, paper) = paperRows
    return LabTable(title: title, columns: columns, rows: paper + ownRows(groups))
  }
}
