/// A default that a small crawl changes, with the reason, as the report shows it.
public struct Adaptation: Codable, Sendable, Equatable {
  /// The setting's name as in the configuration, such as `training.batchSize`.
  public var name: String
  /// The paper's value.
  public var paper: String
  /// The value used.
  public var used: String
  /// Why.
  public var reason: String

  /// As the report tells it.
  package var sentence: String {
    "\(name) is \(used) instead of the paper's \(paper): \(reason)"
  }
}

extension TrainingConfiguration {
  /// Crawls with fewer pairs than this get adapted defaults.
  public static let smallCrawl = 100_000

  /// The configuration for a crawl of `pairCount` pairs: where the paper's constants assume thousands
  /// of steps per epoch, small crawls get others.
  ///
  /// Settings named in `explicit` stay as they are.
  public func adapted(
    pairCount: Int, explicit: Set<String>
  ) -> (configuration: TrainingConfiguration, adaptations: [Adaptation]) {
    guard pairCount < Self.smallCrawl else { return (self, []) }
    var changing = Adapting(configuration: self, explicit: explicit)
    let stepsPerEpoch = max(1, pairCount / min(batchSize, 128))
    changing.set(
      "batchSize", \.batchSize, min(batchSize, 128),
      because: "an epoch of \(pairCount) pairs has too few steps at the paper's batch size")
    changing.set(
      "slowLearningRate", \.slowLearningRate, 2e-4,
      because: """
        one pass has about \(stepsPerEpoch) steps here, 5 800 on CC3M; at the paper's rate it \
        leaves the similarities near chance
        """)
    changing.set(
      "learningRateWarmUpSteps", \.learningRateWarmUpSteps,
      min(learningRateWarmUpSteps, max(1, stepsPerEpoch / 2)),
      because: "the paper's \(learningRateWarmUpSteps) steps are more than the whole training here")
    changing.set(
      "epochs", \.epochs, SmallCrawl.epochs(pairCount: pairCount, paper: epochs),
      because: "more epochs bring a small crawl's model to memorising pairs, poison included")
    changing.set(
      "warmUpEpochs", \.warmUpEpochs, SmallCrawl.warmUpEpochs,
      because: "fewer leave time for mixed training; other numbers were not compared yet")
    changing.set(
      "rescoreShare", \.rescoreShare, 1,
      because: "scoring a small crawl whole costs little and keeps all similarities comparable")
    return (changing.configuration, changing.adaptations)
  }
}

/// Provisional choices for small crawls; docs/method.md tells what was and was not compared.
private enum SmallCrawl {
  static let warmUpEpochs = 3

  static func epochs(pairCount: Int, paper: Int) -> Int { min(paper, 10) }
}

private struct Adapting {
  var configuration: TrainingConfiguration
  let explicit: Set<String>
  var adaptations: [Adaptation] = []

  init(configuration: TrainingConfiguration, explicit: Set<String>) {
    self.configuration = configuration
    self.explicit = explicit
  }

  mutating func set<Value: Equatable>(
    _ name: String, _ path: WritableKeyPath<TrainingConfiguration, Value>, _ value: Value,
    because reason: String
  ) {
    let name = "training.\(name)"
    let paper = configuration[keyPath: path]
    guard !explicit.contains(name), paper != value else { return }
    configuration[keyPath: path] = value
    adaptations.append(
      Adaptation(name: name, paper: "\(paper)", used: "\(value)", reason: reason))
  }
}
