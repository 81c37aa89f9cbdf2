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
    let trainer = try Trainer(
      .transformer, crawl, .tiny(method, epochs: 8), replicas: 2, seed: seed)
    let state = try trainer.run(from: trainer.freshState, .init())
    let similarities = try #require(state.similarities)
    let ranking = RiskRanking(
      similarities: similarities, mixture: .fit(Histogram(similarities)))
    let area = RankingScores(scores: ranking.risks, isPositive: crawl.planted).areaUnderROC
    print("detection: \(method) seed \(seed) AUROC \(area ?? -1)")
    #expect(try #require(area) > 0.8, "seed \(seed)")
  }
}
