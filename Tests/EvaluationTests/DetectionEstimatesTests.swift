import AuditEvaluation
import AuditRisk
import NeuralKit
import Testing

@Suite("Measures of detection")
struct DetectionEstimatesTests {
  /// scikit-learn 1.9.1: roc_auc_score and average_precision_score of `GoldenCrawl`.
  @Test(
    "areas and average precisions are scikit-learn's, with ties and without",
    arguments: [
      (GoldenCrawl.continuousRisks, 0.7669444444444444, 0.5422618289124166),
      (GoldenCrawl.tiedRisks, 0.7118055555555556, 0.4506927406762299),
    ])
  func golden(risks: [Double], area: Double, precision: Double) throws {
    let estimates = estimates(risks, DetectionTruth(isPoisoned: GoldenCrawl.isPoisoned))
    #expect(isClose(try #require(estimates.areaUnderROC).value, area, within: 1e-12))
    #expect(isClose(try #require(estimates.averagePrecision).value, precision, within: 1e-12))
    #expect(estimates.pairCount == 200 && estimates.poisonedCount == 20)
  }

  @Test("recall and precision among the riskiest are those counted by hand")
  func counted() throws {
    // Positives at ranks 1, 3, 4 (tied with 5) and 10.
    let risks = [0.9, 0.8, 0.7, 0.6, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1]
    let truth = DetectionTruth(pairCount: 10, poisoned: [0, 2, 3, 9])
    let estimates = estimates(risks, truth, topShares: [0, 0.001, 0.3, 0.4, 0.5, 1])
    let recalls = estimates.topShareRecalls.compactMap { $0.recall?.value }
    #expect(estimates.topShareRecalls.map(\.share) == [0, 0.001, 0.3, 0.4, 0.5, 1])
    #expect(recalls == [0.25, 0.25, 0.5, 2.5 / 4, 0.75, 1])
    #expect(estimates.precisionAtPrevalence?.value == 2.5 / 4)
  }

  @Test("the order of the pairs does not matter to the values, nor does any rising map of risks")
  func invariance() {
    var generator = SeededGenerator(seed: 11)
    let order = generator.permutation(200).map(Int.init)
    let risks = GoldenCrawl.tiedRisks
    let clusters = GoldenCrawl.clusters
    let first = estimates(risks, DetectionTruth(clusters: clusters))
    let mapped = estimates(risks.map { $0 * $0 * $0 - 5 }, DetectionTruth(clusters: clusters))
    let moved = estimates(
      order.map { risks[$0] }, DetectionTruth(clusters: order.map { clusters[$0] }))
    #expect(first == mapped)
    #expect(values(first) == values(moved))
  }

  @Test("a riskier poisoned pair never lowers a measure")
  func monotonicity() {
    var risks = GoldenCrawl.continuousRisks
    let truth = DetectionTruth(isPoisoned: GoldenCrawl.isPoisoned)
    let first = values(estimates(risks, truth, resamples: 1))
    var previous = first
    for pair in [3, 43, 103, 193] {
      risks[pair] += 1
      let next = values(estimates(risks, truth, resamples: 1))
      for (before, after) in zip(previous, next) { #expect(after >= before, "pair \(pair)") }
      previous = next
    }
    for (before, after) in zip(first.prefix(3), previous) { #expect(after > before) }
  }

  @Test("equal risks know nothing: half the area, the prevalence as precision")
  func allEqual() throws {
    let estimates = estimates(
      [Double](repeating: 0.4, count: 200), DetectionTruth(isPoisoned: GoldenCrawl.isPoisoned))
    #expect(estimates.areaUnderROC?.value == 0.5)
    #expect(isClose(try #require(estimates.averagePrecision).value, 0.1, within: 1e-12))
    #expect(isClose(try #require(estimates.precisionAtPrevalence).value, 0.1, within: 1e-12))
    let recall = try #require(estimates.topShareRecalls.last?.recall)
    #expect(isClose(recall.value, 0.05, within: 1e-12))
  }

  @Test("missing risks come last")
  func missing() {
    let truth = DetectionTruth(isPoisoned: [true, false, false, true])
    let estimates = estimates([.nan, 0.1, .nan, 0.2], truth)
    #expect(estimates.areaUnderROC?.value == (2 + 0.5) / 4)
    #expect(estimates.precisionAtPrevalence?.value == 0.5)
  }

  @Test(
    "without a poisoned or without a clean pair there is no measure",
    arguments: [[], [false, false], [true], [true, true, true]] as [[Bool]])
  func undefined(isPoisoned: [Bool]) {
    let estimates = estimates(
      isPoisoned.indices.map(Double.init), DetectionTruth(isPoisoned: isPoisoned))
    #expect(estimates.areaUnderROC == nil && estimates.averagePrecision == nil)
    #expect(estimates.precisionAtPrevalence == nil)
    #expect(estimates.topShareRecalls.map(\.share) == DetectionEstimates.defaultTopShares)
    #expect(estimates.topShareRecalls.allSatisfy { $0.recall == nil })
  }

  private func estimates(
    _ risks: [Double], _ truth: DetectionTruth,
    topShares: [Double] = DetectionEstimates.defaultTopShares, resamples: Int = 20
  ) -> DetectionEstimates {
    var generator = SeededGenerator(seed: 12)
    return DetectionEstimates(
      risks: risks, truth: truth, topShares: topShares, resamples: resamples, using: &generator)
  }

  private func values(_ estimates: DetectionEstimates) -> [Double] {
    let fixed = [
      estimates.areaUnderROC, estimates.averagePrecision, estimates.precisionAtPrevalence,
    ]
    return (fixed + estimates.topShareRecalls.map(\.recall)).compactMap { $0?.value }
  }
}
