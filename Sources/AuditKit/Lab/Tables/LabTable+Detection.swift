import AuditRisk

extension LabTable {
  /// How well the scan's risk and each other detector find what was planted, in a row for each attack, method
  /// and detector.
  public static func detection(_ groups: [TrialGroup]) -> LabTable {
    let measures: [(head: String, name: String, text: (IntervalEstimate?) -> String)] = [
      ("AUROC", "areaUnderROC", number), ("average precision", "averagePrecision", number),
      ("in riskiest 0.1 %", "recallInRiskiest0.001", share),
      ("in riskiest 1 %", "recallInRiskiest0.01", share),
      ("in riskiest 5 %", "recallInRiskiest0.05", share),
      ("precision at prevalence", "precisionAtPrevalence", share),
    ]
    return LabTable(
      title: "Detection of planted pairs (means with 95 % intervals)",
      columns: ["attack", "method", "detector"] + measures.map(\.head),
      rows: groups.flatMap { group in
        group.subjects(of: "areaUnderROC").map { detector in
          [group.attackName, group.method, detector]
            + measures.map { $0.text(group.estimate($0.name, detector)) }
        }
      })
  }
}
