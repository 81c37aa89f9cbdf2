import AuditEncoders
import AuditRisk
import AuditTraining
import NeuralKit
import Testing

@Suite struct NeighbourSimilarityTests {
  @Test(
    "with neighbours, a similarity is in part the mean cosine with the captions of the nearest images",
    arguments: [48, 20])
  func neighbours(references: Int) throws {
    let crawl = try SyntheticCrawl(count: 48, seed: 4)
    var configuration = TrainingConfiguration.tiny(.clip, epochs: 1)
    configuration.neighbours = 6
    configuration.neighbourReferences = references
    configuration.neighbourWeight = 0.25
    configuration.duplicateCosine = 0.995
    // Nobody stands at a quantile in place of the own number.
    configuration.watchMinimum = 2
    configuration.watchShare = 0
    let trainer = try Trainer(.transformer, crawl, configuration, replicas: 2, seed: 4)
    let last = try trainer.run(from: trainer.freshState, Trainer.Observer())
    let pairs = Array(0..<Int32(48))
    let (images, captions) = try #require(
      trainer.scorer(last).embeddings(of: pairs, stop: { false }))
    func row(_ tensor: Tensor, _ pair: Int) -> [Float] { tensor.rows(pair..<pair + 1).scalars }
    func cosine(_ a: [Float], _ b: [Float]) -> Float { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
    var generator = Purpose.neighbours.generator(seed: 4)
    let known =
      references < 48
      ? generator.permutation(48).prefix(references).map { Int($0) } : Array(0..<48)
    let found = try #require(last.similarities)
    for pair in 0..<48 where !trainer.watched[pair] {
      let near = known.map { (cosine(row(images, pair), row(images, $0)), $0) }
        .filter { $0.0 <= 0.995 }.sorted { $0.0 > $1.0 }.prefix(6)
      let sum = near.reduce(0) { $0 + cosine(row(captions, pair), row(captions, $1.1)) }
      let own = cosine(row(images, pair), row(captions, pair))
      #expect(abs(found[pair] - 0.75 * own - 0.25 * sum / Float(max(1, near.count))) < 1e-5)
    }
  }
}
