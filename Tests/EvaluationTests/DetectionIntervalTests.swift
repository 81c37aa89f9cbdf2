import AuditEvaluation
import AuditRisk
import NeuralKit
import Testing

@Suite("Intervals of measures of detection")
struct DetectionIntervalTests {
  /// Golden intervals were made with NumPy 2.4.6.
  ///
  /// 20 000 resamples of `GoldenCrawl` by the same rule, drawn with `default_rng(7)`, measured over
  /// groups of ties (areas and average precisions checked against scikit-learn 1.9.1 with counts as
  /// weights); `quantile` at 0.025 and 0.975. Another seed moves ends by up to 0.004.
  @Test("they are those of a bootstrap in NumPy over clusters and clean pairs")
  func golden() throws {
    let estimates = estimates(
      GoldenCrawl.tiedRisks, DetectionTruth(clusters: GoldenCrawl.clusters),
      topShares: [0.01, 0.05, 0.2], resamples: 20_000)
    #expect(estimates.clusterCount == 8)
    let found = [
      try #require(estimates.areaUnderROC), try #require(estimates.averagePrecision),
      try #require(estimates.precisionAtPrevalence),
    ]
    let recalls = try estimates.topShareRecalls.map { try #require($0.recall) }
    for (estimate, golden) in zip(found + recalls, Self.goldenIntervals) {
      #expect(isClose(estimate.value, golden[0], within: 1e-12))
      #expect(isClose(estimate.lower, golden[1], within: 0.006), "\(estimate) for \(golden)")
      #expect(isClose(estimate.upper, golden[2], within: 0.006), "\(estimate) for \(golden)")
    }
  }

  /// Value, lower and upper end.
  private static let goldenIntervals: [[Double]] = [
    [0.7118055555555556, 0.6590277777777778, 0.7652132936507935],
    [0.4506927406762299, 0.36993445288906945, 0.5212441642566626],
    [0.35, 0.25, 0.4444444444444444],
    [0.1, 0.08695652173913043, 0.11764705882352941],
    [0.35, 0.25, 0.4444444444444444],
    [0.40714285714285714, 0.3235294117647059, 0.5],
  ]

  @Test("the same seed draws the same resamples, another one others")
  func seeds() {
    let truth = DetectionTruth(isPoisoned: GoldenCrawl.isPoisoned)
    let first = estimates(GoldenCrawl.continuousRisks, truth, resamples: 50, seed: 1)
    #expect(first == estimates(GoldenCrawl.continuousRisks, truth, resamples: 50, seed: 1))
    #expect(first != estimates(GoldenCrawl.continuousRisks, truth, resamples: 50, seed: 2))
  }

  @Test("the interval of the area is as wide as DeLong's where pairs are independent")
  func deLong() throws {
    let sample = Self.sample(poisoned: 80, clean: 400, seed: 21)
    let area = try #require(
      estimates(sample.risks, DetectionTruth(isPoisoned: sample.isPoisoned)).areaUnderROC)
    let split = sample.risks.indices.map { ($0, Float(sample.risks[$0])) }
    let expected = Alignment.measure(
      truePairs: split.filter { sample.isPoisoned[$0.0] }.map(\.1),
      shuffledPairs: split.filter { !sample.isPoisoned[$0.0] }.map(\.1))
    #expect(isClose(area.value, expected.value, within: 1e-6))
    let ratio = (area.upper - area.lower) / (expected.upper - expected.lower)
    #expect(isClose(ratio, 1, within: 0.1))
  }

  @Test("intervals hold the true area about as often as they say")
  func coverage() throws {
    // N(1, 1) against N(0, 1): the area is Φ(1/√2).
    let area = 0.760_249_938_906_52
    var held = 0
    for seed in 0..<300 {
      let sample = Self.sample(poisoned: 40, clean: 60, seed: UInt64(100 + seed))
      let truth = DetectionTruth(isPoisoned: sample.isPoisoned)
      let found = estimates(sample.risks, truth, resamples: 200, seed: UInt64(seed)).areaUnderROC
      let estimate = try #require(found)
      if estimate.lower <= area && area <= estimate.upper { held += 1 }
    }
    // 95 % of 300 with four standard errors, and three less for the percentile interval's own bias.
    #expect(held >= 261 && held <= 299, "\(held) of 300")
  }

  @Test("a cluster of equal pairs tells as much as one pair")
  func clusters() throws {
    let sample = Self.sample(poisoned: 30, clean: 3_000, seed: 22)
    let poisoned = sample.risks[..<30]
    let clean = sample.risks[30...]
    let repeated = poisoned.flatMap { [Double](repeating: $0, count: 9) }
    let risks = repeated + clean
    func width(_ risks: [Double], _ clusters: [Int?]) throws -> Double {
      let area = try #require(estimates(risks, DetectionTruth(clusters: clusters)).areaUnderROC)
      return area.upper - area.lower
    }
    let none = [Int?](repeating: nil, count: clean.count)
    let single = try width(sample.risks, (0..<30).map { $0 } + none)
    let clustered = try width(risks, (0..<270).map { $0 / 9 } + none)
    let independent = try width(risks, (0..<270).map { $0 } + none)
    #expect(isClose(clustered / single, 1, within: 0.1))
    // Nine times the pairs, a third of the width.
    #expect(isClose(independent / single, 1 / 3.0, within: 0.06))
  }

  @Test("a perfect order has Wilson's lower end for as many trials as clusters")
  func perfect() throws {
    let truth = DetectionTruth(clusters: [0, 0, 1, 1, 2, nil, nil, nil, nil, nil])
    let estimates = estimates((0..<10).map { -Double($0) }, truth, topShares: [0.1, 0.5])
    let expected = try #require(IntervalEstimate(successes: 3, trials: 3))
    #expect(estimates.areaUnderROC == expected)
    #expect(estimates.averagePrecision == expected)
    #expect(estimates.precisionAtPrevalence == expected)
    #expect(estimates.topShareRecalls.last?.recall == expected)
    #expect(estimates.topShareRecalls.first?.recall?.value == 0.2)
    let reversed = self.estimates((0..<10).map(Double.init), truth, topShares: [0.1])
    let lowest = try #require(IntervalEstimate(successes: 0, trials: 3))
    #expect(reversed.areaUnderROC == lowest)
    #expect(reversed.topShareRecalls.first?.recall == lowest)
  }

  @Test("a recall that no resample changes is as uncertain as a share of its clusters")
  func constantRecall() throws {
    let clusters = (0..<20).map(Optional.some) + [Int?](repeating: nil, count: 80)
    let estimates = estimates(
      (0..<100).map { -Double($0) }, DetectionTruth(clusters: clusters), topShares: [0.05])
    #expect(
      estimates.topShareRecalls[0].recall == IntervalEstimate(proportion: 0.25, trials: 20))
  }

  @Test("one cluster says as little as one trial")
  func oneCluster() throws {
    let truth = DetectionTruth(clusters: [4, nil, 4, nil, nil, 4, nil])
    let estimates = estimates([7, 6, 5, 4, 3, 2, 1], truth)
    let area = try #require(estimates.areaUnderROC)
    #expect(isClose(area.value, (4 + 3 + 1) / 12.0, within: 1e-12))
    #expect(area.lower < 0.15 && area.upper > 0.95)
  }

  @Test("every interval holds its value and lies in 0...1", arguments: 0..<20)
  func bounds(seed: UInt64) throws {
    var generator = SeededGenerator(seed: 23, seed)
    let count = 2 + generator.index(below: 60)
    let risks = (0..<count).map { _ in Double(generator.index(below: 12)) }
    let clusters: [Int?] = (0..<count).map { pair in
      let isPoisoned = pair == 0 || (pair > 1 && generator.flip(0.3))
      return isPoisoned ? generator.index(below: 5) : nil
    }
    let estimates = estimates(
      risks, DetectionTruth(clusters: clusters), topShares: [0, 0.1, 1], resamples: 40)
    let measures = [
      estimates.areaUnderROC, estimates.averagePrecision, estimates.precisionAtPrevalence,
    ]
    for measure in measures + estimates.topShareRecalls.map(\.recall) {
      let estimate = try #require(measure)
      #expect(0 <= estimate.lower && estimate.lower <= estimate.value)
      #expect(estimate.value <= estimate.upper && estimate.upper <= 1)
    }
  }

  private func estimates(
    _ risks: [Double], _ truth: DetectionTruth,
    topShares: [Double] = DetectionEstimates.defaultTopShares,
    resamples: Int = DetectionEstimates.defaultResamples, seed: UInt64 = 20
  ) -> DetectionEstimates {
    var generator = SeededGenerator(seed: seed)
    return DetectionEstimates(
      risks: risks, truth: truth, topShares: topShares, resamples: resamples, using: &generator)
  }

  /// Poisoned pairs of N(1, 1), then clean ones of N(0, 1).
  private static func sample(
    poisoned: Int, clean: Int, seed: UInt64
  ) -> (risks: [Double], isPoisoned: [Bool]) {
    var generator = SeededGenerator(seed: seed)
    let isPoisoned = (0..<poisoned + clean).map { $0 < poisoned }
    return (isPoisoned.map { Double(generator.normal()) + ($0 ? 1 : 0) }, isPoisoned)
  }
}
