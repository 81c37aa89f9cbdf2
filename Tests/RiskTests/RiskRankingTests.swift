import AuditRisk
import Foundation
import NeuralKit
import Testing

@Suite struct RiskRankingTests {
  static let mixtures = [
    PosteriorTests.narrowHigh, PosteriorTests.wideHigh,
    // Separated so far that posteriors are 0 and 1 in doubles.
    GaussianMixture(
      .init(weight: 0.5, mean: 0.0, variance: 1e-6), .init(weight: 0.5, mean: 0.5, variance: 1e-6)),
    GaussianMixture.fit([Float]()),
  ]

  @Test(arguments: mixtures)
  func riskFallsStrictlyWithSimilarity(_ mixture: GaussianMixture) {
    var generator = SeededGenerator(seed: 21)
    var similarities = (0..<20_000).map { _ in generator.uniform(in: -1..<1) }
    // Neighbouring floats in both saturated tails and around zero.
    for start: Float in [-0.9, 0.9, 0, 0.3] {
      var value = start
      for _ in 0..<2_000 {
        similarities.append(value)
        value = value.nextUp
      }
    }
    let ranking = RiskRanking(similarities: similarities, mixture: mixture)
    let ascending = similarities.indices.sorted { similarities[$0] < similarities[$1] }
    for (left, right) in zip(ascending, ascending.dropFirst()) {
      if similarities[left] < similarities[right] {
        #expect(ranking.risks[left] > ranking.risks[right])
      } else {
        #expect(ranking.risks[left] == ranking.risks[right])
      }
    }
    #expect(ranking.risks.allSatisfy { $0 >= 0 && $0 <= 1 })
  }

  @Test(arguments: mixtures)
  func riskIsOneMinusTheMonotonePosterior(_ mixture: GaussianMixture) {
    var generator = SeededGenerator(seed: 22)
    let similarities = (0..<5_000).map { _ in generator.uniform(in: -1..<1) }
    let ranking = RiskRanking(similarities: similarities, mixture: mixture)
    for (similarity, risk) in zip(similarities, ranking.risks) {
      #expect(abs(risk - (1 - mixture.monotonePosteriorSafe(similarity))) < 1e-11)
    }
  }

  @Test func ranksCountFromTheRiskiestAndTiesKeepTheOrderOfTheCrawl() {
    let ranking = RiskRanking(
      similarities: [0.3, .nan, -0.2, 0.3, 0.1, -0.0, 0.0], mixture: PosteriorTests.narrowHigh)
    #expect(ranking.order == [1, 2, 5, 6, 4, 0, 3])
    #expect(ranking.ranks == [6, 1, 2, 7, 5, 3, 4])
    #expect(ranking.risks[1] == 1)
    #expect(ranking.risks[2] < 1)
    #expect(ranking.risks[5] == ranking.risks[6])
  }

  @Test func nothingRanksNothing() {
    let ranking = RiskRanking(similarities: [], mixture: PosteriorTests.narrowHigh)
    #expect(ranking.order.isEmpty && ranking.risks.isEmpty)
  }
}
