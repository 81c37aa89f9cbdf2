import AuditRisk
import AuditTraining
import Testing

/// What training is for: a caption of another class is riskier than its own.
@Suite(.serialized) struct DetectionTests {
  @Test(
    "planted mismatches are scored riskier than chance, for every seed",
    arguments: [Method.clip, .safeclip], [1, 2, 3] as [UInt64])
  func planted(method: Method, seed: UInt64) throws {
    let crawl = try SyntheticCrawl(count: 192, planted: 12, seed: seed)
    var configuration = TrainingConfiguration.tiny(method, epochs: 8)
    if method == .safeclip {
      // Twelve steps are a pass here; the split needs a model that has seen some.
      configuration.epochs = 14
      configuration.slowPasses = 4
      configuration.slowLearningRate = 2e-3
      configuration.growthShare = 0.05
    }
    let trainer = try Trainer(.transformer, crawl, configuration, replicas: 2, seed: seed)
    let state = try trainer.run(from: trainer.freshState, .init())
    let similarities = try #require(state.scores?.similarities)
    let ranking = RiskRanking(
      similarities: similarities, mixture: .fit(Histogram(similarities)))
    let area = RankingScores(scores: ranking.risks, isPositive: crawl.planted).areaUnderROC
    #expect(try #require(area) > 0.8, "seed \(seed)")
  }
}
