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
      "learningRateWarmUpSteps", \.learningRateWarmUpSteps,
      min(learningRateWarmUpSteps, max(1, stepsPerEpoch / 2)),
      because: "the paper's \(learningRateWarmUpSteps) steps are more than the whole training here")
    let small = SmallCrawl(
      stepsPerEpoch: stepsPerEpoch,
      epochs: explicit.contains("training.epochs") ? epochs : nil)
    if method == .safeclip {
      changing.set(
        "warmUpEpochs", \.warmUpEpochs, small.warmUpEpochs,
        because: "more epochs were not seen to rank better on crawls of this size")
      changing.set(
        "slowPasses", \.slowPasses, small.slowPasses,
        because: "one pass has about \(stepsPerEpoch) steps here, too few to tell pairs apart")
      changing.set(
        "slowLearningRate", \.slowLearningRate, 5e-4,
        because: """
          about \(stepsPerEpoch * small.slowPasses) steps at the paper's rate, which took 5 800 on \
          CC3M, leave the similarities near chance
          """)
      changing.set(
        "slowFinalLearningRateShare", \.slowFinalLearningRateShare, 0,
        because: "scores of a model whose learning rate has run out rank better")
      changing.set(
        "safeSetAugments", \.safeSetAugments, false,
        because:
          "\(small.mixedEpochs) epochs are too few to learn from crops; a model retrieves worse")
    }
    let adapted = changing.configuration
    changing.set(
      "epochs", \.epochs,
      method != .safeclip
        ? small.epochs : adapted.warmUpEpochs + adapted.slowPasses + small.mixedEpochs,
      because: "more epochs bring a small crawl's model to memorising pairs, poison included")
    changing.set(
      "rescoreShare", \.rescoreShare, 1,
      because: "scoring a small crawl whole costs little and keeps all similarities comparable")
    return (changing.configuration, changing.adaptations)
  }
}

/// Choices for small crawls by optimiser steps, not epochs; docs/method.md has what was measured.
private struct SmallCrawl {
  let warmUpEpochs = 1
  /// As many as take 240 steps, at most 4.
  let slowPasses: Int
  /// As many as take 240 steps, 2 to 4.
  let mixedEpochs: Int

  /// Plain training takes as many as the stages of safe training together.
  var epochs: Int { warmUpEpochs + slowPasses + mixedEpochs }

  /// `epochs`: what the user wants of all stages together; one is left for mixed training.
  init(stepsPerEpoch: Int, epochs: Int?) {
    var most = 4
    if let epochs { most = max(1, min(most, epochs - warmUpEpochs - 1)) }
    slowPasses = min(Self.passes(taking: 240, of: stepsPerEpoch), most)
    mixedEpochs = max(2, min(4, Self.passes(taking: 240, of: stepsPerEpoch)))
  }

  private static func passes(taking steps: Int, of stepsPerEpoch: Int) -> Int {
    (steps + stepsPerEpoch - 1) / stepsPerEpoch
  }
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
