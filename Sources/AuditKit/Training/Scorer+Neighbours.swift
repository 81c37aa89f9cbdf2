import AuditRisk
import NeuralKit

extension Scorer {
  /// The same, seeing pairs through their neighbours as well where the configuration asks for it;
  /// nil where `stop` was asked for.
  ///
  /// Neighbours are sought among all pairs, or a random part of so many that a large crawl costs no more for each
  /// pair.
  package func seeingNeighbours(
    _ configuration: TrainingConfiguration, stop: () -> Bool
  ) -> Scorer? {
    guard configuration.neighbours > 0 else { return self }
    let count = views.pairCount
    var references = Array(0..<Int32(count))
    if count > configuration.neighbourReferences {
      var generator = Purpose.neighbours.generator(seed: seed)
      references = Array(generator.permutation(count).prefix(configuration.neighbourReferences))
    }
    guard let (images, captions) = embeddings(of: references, stop: stop) else { return nil }
    var rows = [Int32](repeating: -1, count: count)
    for (row, pair) in references.enumerated() { rows[Int(pair)] = Int32(row) }
    var scorer = self
    scorer.neighbourhood = (
      PairNeighbourhood(
        images: images, captions: captions, k: configuration.neighbours,
        duplicateCosine: configuration.duplicateCosine), rows
    )
    scorer.nearestImagesWeight = configuration.nearestImagesWeight
    scorer.nearestCaptionsWeight = configuration.nearestCaptionsWeight
    if references.count == count { scorer.known = (images, captions) }
    return scorer
  }
}
