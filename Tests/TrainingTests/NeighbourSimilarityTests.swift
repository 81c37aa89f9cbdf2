import AuditEncoders
import AuditRisk
import AuditTraining
import NeuralKit
import Testing

@Suite struct NeighbourSimilarityTests {
  @Test(
    "with neighbours, a similarity is in part the median cosines with their captions and with their images",
    arguments: [48, 20])
  func neighbours(references: Int) throws {
    let crawl = try SyntheticCrawl(count: 48, seed: 4)
    var configuration = TrainingConfiguration.tiny(.clip, epochs: 1)
    configuration.neighbours = 6
    configuration.neighbourReferences = references
    configuration.nearestImagesWeight = 0.25
    configuration.nearestCaptionsWeight = 0.375
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
    /// The median cosine of `own` of a pair with that of the pairs whose `keys` are nearest.
    func agreement(_ pair: Int, _ own: Tensor, nearestBy keys: Tensor) -> Float {
      let near = known.map { (cosine(row(keys, pair), row(keys, $0)), $0) }
        .filter { $0.0 <= 0.995 }.sorted { $0.0 > $1.0 }.prefix(6)
      let cosines = near.map { cosine(row(own, pair), row(own, $0.1)) }.sorted()
      guard !cosines.isEmpty else { return 0 }
      return (cosines[(cosines.count - 1) / 2] + cosines[cosines.count / 2]) / 2
    }
    let similarities = (0..<48).map { pair -> Float in
      0.375 * cosine(row(images, pair), row(captions, pair))
        + 0.25 * agreement(pair, captions, nearestBy: images)
        + 0.375 * agreement(pair, images, nearestBy: captions)
    }
    let scorer = try #require(
      trainer.scorer(last).seeingNeighbours(configuration, stop: { false }))
    let scores = try #require(scorer.scores(of: pairs) { _, _ in })
    for (found, expected) in zip(scores.similarities, similarities) {
      #expect(abs(found - expected) < 1e-5)
    }
    // The state holds the cosine at a pair's place.
    let learned = pairs.filter { !trainer.watched[Int($0)] }
    let found = try #require(last.scores?.similarities)
    let cosines = learned.map { cosine(row(images, Int($0)), row(captions, Int($0))) }
    for (value, cosine) in zip(learned.map { found[Int($0)] }.sorted(), cosines.sorted()) {
      #expect(abs(value - cosine) < 1e-5)
    }
    for (first, second) in zip(learned, learned.dropFirst()) {
      let (a, b) = (similarities[Int(first)], similarities[Int(second)])
      guard abs(a - b) > 1e-4 else { continue }
      #expect((found[Int(first)] > found[Int(second)]) == (a > b))
    }
  }

  @Test("no pair is its own neighbour, whatever counts as a duplicate", arguments: [48, 20])
  func itself(references: Int) throws {
    let crawl = try SyntheticCrawl(count: 48, seed: 4)
    var configuration = TrainingConfiguration.tiny(.clip, epochs: 1)
    configuration.neighbourReferences = references
    // All others of them.
    configuration.neighbours = references - 1
    configuration.nearestImagesWeight = 1
    configuration.nearestCaptionsWeight = 0
    configuration.duplicateCosine = 1
    let trainer = try Trainer(.transformer, crawl, configuration, replicas: 2, seed: 4)
    let last = try trainer.run(from: trainer.freshState, Trainer.Observer())
    let scorer = try #require(
      trainer.scorer(last).seeingNeighbours(configuration, stop: { false }))
    let scores = try #require(scorer.scores(of: Array(0..<48)) { _, _ in })
    let captions = trainer.scorer(last).captionEmbeddings(of: Array(0..<48))
    func cosine(_ a: Int, _ b: Int) -> Float {
      zip(captions.rows(a..<a + 1).scalars, captions.rows(b..<b + 1).scalars)
        .reduce(0) { $0 + $1.0 * $1.1 }
    }
    var generator = Purpose.neighbours.generator(seed: 4)
    let known =
      references < 48
      ? generator.permutation(48).prefix(references).map { Int($0) } : Array(0..<48)
    for pair in known {
      let others = known.filter { $0 != pair }.map { cosine(pair, $0) }.sorted()
      let median = (others[(others.count - 1) / 2] + others[others.count / 2]) / 2
      #expect(abs(scores.similarities[pair] - median) < 1e-5)
    }
  }
}
