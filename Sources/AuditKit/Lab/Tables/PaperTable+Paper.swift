extension PaperTable {
  /// Heads of the columns, and what the paper has in them; a dash where its text has no number.
  var paperRows: (columns: [String], rows: [[String]]) {
    switch self {
    case .attackSuccess: Self.attackSuccessOfPaper
    case .warmUp:
      (
        Self.head + ["warm-up epochs", "slow passes made", "planted pairs in safe set"],
        [
          ["5", "1", "0.09 %"], ["1", "1", "1 %"], ["10", "1", "0.03 %"], ["5", "0", "12.28 %"],
          ["5", "2", "6.8 %"],
        ].map { Self.row("paper", $0) }
      )
    case .slowLearningRate:
      (
        Self.head + ["learning rate", "attack success"],
        ["CC1M", "COCO", "VG"].map {
          Self.row("paper, \($0)", ["three low ones", "0 %, 0 %, 0 %"])
        }
      )
    case .ablation: Self.ablationOfPaper
    case .threshold: Self.thresholdOfPaper
    case .time:
      (
        ["data", "method", "stage", "time"],
        [
          ["safeclip", "warmUp", "1"], ["safeclip", "mixed", "1"], ["safeclip", "split", "0.35"],
          ["safeclip", "update of the safe set", "0.1"], ["clip", "plain", "1"],
          ["roclip", "plain", "1.06"],
        ].map { ["paper"] + $0 }
      )
    case .poisonRate: Self.poisonRateOfPaper
    case .multipleTriggers:
      (
        Self.head + ["attack success"],
        ["hybrid", "parallel-one", "parallel-all"].map { ["paper, COCO", $0, "safeclip", "0 %"] }
      )
    case .safeSet:
      (
        Self.head + ["safe set", "poison rate in it"],
        [
          ["paper, CC3M", "tdpa and badnet", "safeclip", "17.79 %", "0.000606 %"],
          ["paper, CC1M", "tdpa and badnet", "safeclip", "11.38 %", "0.000375 %"],
          ["paper, CC100K", "tdpa and badnet", "safeclip", "6.25 %", "0.00176 %"],
          ["paper", "tdpa and badnet", "unfiltered", "100 %", "0.05 %"],
        ]
      )
    }
  }

  private static let head = ["data", "attack", "method"]

  /// A row of SafeCLIP under targeted poisoning.
  private static func row(_ data: String, _ cells: [String]) -> [String] {
    [data, "tdpa", "safeclip"] + cells
  }

  private static let attackSuccessOfPaper = (
    columns: ["data", "method", "tdpa", "badnet", "label-consistent", "blended", "wanet"],
    rows: [
      ["paper, CC1M", "clip", "93.75 %", "100 %", "71.0 %", "99.3 %", "96.3 %"],
      ["paper, CC1M", "roclip", "0 %", "0 %", "0 %", "0 %", "0 %"],
      ["paper, CC1M", "safeclip", "0 %", "0 %", "0 %", "0 %", "0 %"],
      ["paper, CC3M", "clip", "93.75 %", "100 %", "58.3 %", "100 %", "96 %"],
      ["paper, CC3M", "roclip", "0 %", "0 %", "0 %", "0 %", "0 %"],
      ["paper, CC3M", "safeclip", "0 %", "0 %", "0 %", "0.3 %", "0 %"],
      ["paper, COCO", "clip", "62.5 %", "31.0 %", "71.6 %", "95.3 %", "7.6 %"],
      ["paper, COCO", "roclip", "0 %", "0 %", "0 %", "2.6 %", "0 %"],
      ["paper, COCO", "safeclip", "0 %", "0 %", "0 %", "2 %", "0 %"],
      ["paper, VG", "clip", "62.5 %", "1.3 %", "28.6 %", "90.3 %", "18.6 %"],
      ["paper, VG", "roclip", "37.5 %", "0 %", "0 %", "9.6 %", "0 %"],
      ["paper, VG", "safeclip", "0 %", "0 %", "0 %", "5 %", "0 %"],
    ]
  )

  private static let ablationOfPaper = (
    columns: head + ["unimodal on risky", "pool", "attack success"],
    rows: [("CC1M", "12.5 %", "12.5 %"), ("COCO", "12.5 %", "25.0 %"), ("VG", "12.5 %", "25.0 %")]
      .flatMap { data, withoutUnimodal, withoutPool in
        [
          ["paper, \(data)", "tdpa", "safeclip", "yes", "256", "0 %"],
          ["paper, \(data)", "tdpa", "no unimodal loss", "no", "-", withoutUnimodal],
          ["paper, \(data)", "tdpa", "no pool", "yes", "0", withoutPool],
        ]
      }
  )

  private static let thresholdOfPaper = (
    columns: head + ["threshold", "planted pairs in safe set", "safe set"],
    rows: [
      ("CC1M", ["5.8 %", "11.4 %", "29.0 %", "45.2 %"]),
      ("COCO", ["0.7 %", "10.3 %", "42.3 %", "62.7 %"]),
      ("VG", ["0.0 %", "7.2 %", "45.3 %", "65.6 %"]),
    ].flatMap { data, sizes in
      zip(["0.95", "0.9", "0.7", "0.5"], sizes).map { row("paper, \(data)", [$0, "-", $1]) }
    }
  )

  private static let poisonRateOfPaper = (
    columns: head + ["poison rate", "attack success"],
    rows: [
      ("COCO", "tdpa", "0.05 %", "0 %"), ("COCO", "tdpa", "0.1 %", "0 %"),
      ("COCO", "badnet", "0.05 %", "0 %"), ("COCO", "badnet", "0.1 %", "0 %"),
      ("COCO", "badnet", "0.5 %", "0 %"), ("CC1M", "tdpa", "0.05 %", "0 %"),
      ("CC1M", "tdpa", "0.1 %", "6.25 %"), ("CC1M", "badnet", "0.05 %", "0 %"),
      ("CC1M", "badnet", "0.1 %", "0 %"),
    ].map { ["paper, \($0.0)", $0.1, "safeclip", $0.2, $0.3] }
  )
}
