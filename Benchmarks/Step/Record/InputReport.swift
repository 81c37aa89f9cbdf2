/// What making a batch costs beside the step that it feeds.
struct InputReport: Codable, Sendable {
  let batchSize: Int
  let threads: Int
  /// Whether captions were augmented with synonyms from WordNet.
  let hasSynonyms: Bool
  /// Augmented images and captions, tokens included: median seconds a batch.
  let augmentedSeconds: Double
  /// Plain images and captions, tokens included: median seconds a batch.
  let plainSeconds: Double
  /// The compact step of the same batch, measured in the same process.
  let secondsPerStep: Double
  /// The share of the machine's cores that other programs took meanwhile.
  let othersShare: Double
  /// `augmentedSeconds` over `secondsPerStep`, and its goal.
  let shareOfStep: Double
  let largestShare: Double
}
