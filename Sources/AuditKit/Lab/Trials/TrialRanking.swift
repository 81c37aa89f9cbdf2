import AuditEvaluation
import AuditKit
import AuditReport
import AuditRisk
import NeuralKit

/// Where a scan's ranking has put what was planted.
struct TrialRanking {
  /// The planted pairs.
  private(set) var planted: [PlantedRecord] = []
  /// For each pair of the crawl its risk by rank, those that were dropped first, then the others in the crawl's order.
  private var risks: [Double] = []
  private var truth = DetectionTruth(clusters: [])
  private var safeCount = 0
  /// The safe sets in order, that of the split first.
  private(set) var safeSets: [EpochSafeSet] = []

  /// Reads the whole ranking of a finished run; pairs with a key of `dropped`, which it never saw, are the riskiest, all at one
  /// place.
  init(
    _ reader: ReportReader, run: Int64, _ truth: [PlantedCrawl.Truth], dropped: [String] = []
  ) throws {
    let truths = truth.byKey
    var rows = dropped.map { truths[$0] }
    risks = rows.map { _ in -1 }
    planted = rows.compactMap { $0.map { PlantedRecord($0, rank: 1, isSafe: false) } }
    try reader.read { snapshot in
      let all = PairQuery(order: .ordinal, limit: PairQuery.noLimit)
      try snapshot.forEachPair(of: run, all) { pair in
        guard let score = pair.score else { return }
        let rank = dropped.count + score.rank
        risks.append(-Double(rank))
        let truth = truths[pair.pair.key]
        rows.append(truth)
        if score.isSafe { safeCount += 1 }
        if let truth {
          planted.append(PlantedRecord(truth, rank: rank, isSafe: score.isSafe))
        }
      }
    }
    self.truth = DetectionTruth(clusters: rows.clusters)
    let ordinals = rows.indices.filter { rows[$0] != nil }.map { $0 - dropped.count }
      .filter { $0 >= 0 }
    let total = Double(max(1, rows.count))
    safeSets = try reader.read { snapshot in
      try snapshot.epochs(of: run).compactMap { epoch in
        guard let safeSet = try snapshot.safeSet(of: run, epoch: epoch.number) else { return nil }
        return EpochSafeSet(
          number: epoch.number, count: safeSet.count, share: Double(safeSet.count) / total,
          planted: ordinals.count { safeSet.contains($0) })
      }
    }
  }

  /// How well the risks find what was planted, and how much of it is in the safe set.
  func measures(seed: UInt64) -> [MeasureRow] {
    var rows = DetectionMeasures.rows(
      risks: risks, truth, subject: "risk", seed: seed)
    guard !safeSets.isEmpty else { return rows }
    if let first = safeSets.first {
      rows += safeSetMeasures("firstSafeSet", count: first.count, planted: first.planted)
    }
    return rows
      + safeSetMeasures("safeSet", count: safeCount, planted: planted.count { $0.isSafe })
  }

  /// Of a safe set of so many pairs: its share of the crawl, its share of the planted pairs, and theirs of it.
  private func safeSetMeasures(
    _ subject: String, count: Int, planted inside: Int
  ) -> [MeasureRow] {
    let share = Double(count) / Double(max(1, risks.count))
    let size = MeasureRow(name: "share", subject: subject, value: share)
    guard let found = truth.share(ofPoisoned: inside) else { return [size] }
    var rows = [MeasureRow("plantedInSafeSet", subject, found)]
    if count > 0 {
      // Poison comes in by targets, so that its share of the set is as uncertain as the set's share of it.
      let most = Double(planted.count) / Double(count)
      let rate = IntervalEstimate(
        value: Double(inside) / Double(count), lower: found.lower * most,
        upper: min(1, found.upper * most))
      rows.append(MeasureRow("poisonRate", subject, rate))
    }
    return rows + [size]
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

extension DetectionTruth {
  /// So many of the poisoned pairs as a share of them, nil where there are none.
  ///
  /// A cluster is one trial of Wilson's interval, since its pairs are taken together or not at all.
  func share(ofPoisoned count: Int) -> IntervalEstimate? {
    guard !clusters.isEmpty else { return nil }
    let poisoned = clusters.reduce(0) { $0 + $1.count }
    return IntervalEstimate(proportion: Double(count) / Double(poisoned), trials: clusters.count)
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
