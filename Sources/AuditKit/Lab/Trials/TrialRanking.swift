import AuditEvaluation
import AuditKit
import AuditReport
import AuditRisk
import NeuralKit

/// Where a scan's ranking has put what was planted.
struct TrialRanking {
  /// Planted pairs that the scan could read.
  private(set) var planted: [PlantedRecord] = []
  /// For each pair of the crawl its risk by rank, in the crawl's order.
  private var risks: [Double] = []
  private var clusters: [Int?] = []
  private var safeCount = 0
  /// The safe sets in order, that of the split first.
  private(set) var safeSets: [EpochSafeSet] = []

  /// Reads the whole ranking of a finished run.
  init(_ reader: ReportReader, run: Int64, _ truth: [PlantedCrawl.Truth]) throws {
    let truths = truth.byKey
    var rows: [PlantedCrawl.Truth?] = []
    try reader.read { snapshot in
      let all = PairQuery(order: .ordinal, limit: PairQuery.noLimit)
      try snapshot.forEachPair(of: run, all) { pair in
        guard let score = pair.score else { return }
        risks.append(-Double(score.rank))
        let truth = truths[pair.pair.key]
        rows.append(truth)
        if score.isSafe { safeCount += 1 }
        guard let truth else { return }
        planted.append(
          PlantedRecord(
            key: truth.key, change: truth.change, target: truth.target,
            className: truth.className, rank: score.rank, isSafe: score.isSafe))
      }
    }
    clusters = rows.clusters
    let ordinals = rows.indices.filter { rows[$0] != nil }
    safeSets = try reader.read { snapshot in
      try snapshot.epochs(of: run).compactMap { epoch in
        guard let share = epoch.safeShare,
          let safeSet = try snapshot.safeSet(of: run, epoch: epoch.number)
        else { return nil }
        return EpochSafeSet(
          number: epoch.number, share: share, planted: ordinals.count { safeSet.contains($0) })
      }
    }
  }

  /// How well the risks find what was planted, and how much of it is in the safe set.
  func measures(seed: UInt64) -> [MeasureRow] {
    var rows = DetectionMeasures.rows(
      risks: risks, DetectionTruth(clusters: clusters), subject: "risk", seed: seed)
    guard safeCount > 0 else { return rows }
    if let first = safeSets.first,
      let share = IntervalEstimate(successes: first.planted, trials: planted.count)
    {
      rows.append(MeasureRow("plantedInSafeSet", "firstSafeSet", share))
    }
    let inside = planted.count { $0.isSafe }
    if let share = IntervalEstimate(successes: inside, trials: planted.count) {
      rows.append(MeasureRow("plantedInSafeSet", "safeSet", share))
    }
    if let rate = IntervalEstimate(successes: inside, trials: safeCount) {
      rows.append(MeasureRow("poisonRate", "safeSet", rate))
    }
    rows.append(
      MeasureRow(
        name: "share", subject: "safeSet", value: Double(safeCount) / Double(risks.count)))
    return rows
  }
}

/// The measures of one way to rank.
enum DetectionMeasures {
  static func rows(
    risks: [Double], _ truth: DetectionTruth, subject: String, seed: UInt64
  ) -> [MeasureRow] {
    var generator = SeededGenerator(seed: seed, 0xDE7EC7)
    let estimates = DetectionEstimates(risks: risks, truth: truth, using: &generator)
    var rows: [MeasureRow] = []
    func add(_ name: String, _ estimate: IntervalEstimate?) {
      if let estimate { rows.append(MeasureRow(name, subject, estimate)) }
    }
    add("areaUnderROC", estimates.areaUnderROC)
    add("averagePrecision", estimates.averagePrecision)
    add("precisionAtPrevalence", estimates.precisionAtPrevalence)
    for recall in estimates.topShareRecalls {
      add("recallInRiskiest\(recall.share)", recall.recall)
    }
    return rows
  }
}

extension [PlantedCrawl.Truth] {
  /// What was planted under each key.
  var byKey: [String: PlantedCrawl.Truth] {
    Dictionary(map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
  }
}

extension [PlantedCrawl.Truth?] {
  /// Planted pairs that share a target are one cluster, nil for what was not planted.
  var clusters: [Int?] {
    var numbers: [String: Int] = [:]
    return map { truth in
      guard let truth else { return nil }
      if let number = numbers[truth.target] { return number }
      let number = numbers.count
      numbers[truth.target] = number
      return number
    }
  }
}
