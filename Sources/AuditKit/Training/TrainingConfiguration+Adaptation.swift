/// A default that a small crawl changes, with the reason, as the report shows it.
public struct Adaptation: Codable, Sendable, Equatable {
  /// The setting's name as in the configuration, such as `training.batchSize`.
  public var name: String
  /// The value for large crawls: the paper's, where it names one.
  public var usual: String
  /// The value used.
  public var used: String
  /// Why.
  public var reason: String

  /// As the report tells it.
  package var sentence: String {
    "\(name) is \(used), for large crawls \(usual): \(reason)"
  }

  /// Whether a sentence of the report tells that the setting `name` adapted.
  package static func isTold(of name: String, by sentence: String) -> Bool {
    sentence.hasPrefix("\(name) is ")
  }
}

extension TrainingConfiguration {
  /// Crawls with fewer pairs than this get adapted defaults.
  public static let smallCrawl = 100_000

  /// The configuration for a crawl of `pairCount` pairs: where the paper's constants assume thousands
  /// of steps per epoch, small crawls get others.
  ///
  /// Settings named in `explicit` stay as they are. Where `trustedCount` pairs are known to be clean, the slow
  /// passes see these alone.
  public func adapted(
    pairCount: Int, trustedCount: Int? = nil, explicit: Set<String>
  ) -> (configuration: TrainingConfiguration, adaptations: [Adaptation]) {
    var changing = Adapting(configuration: self, explicit: explicit)
    guard pairCount < Self.smallCrawl else {
      changing.shortenWarmUp(pairCount: pairCount)
      return (changing.configuration, changing.adaptations)
    }
    changing.set(
      "batchSize", \.batchSize, min(batchSize, 128),
      because: "an epoch of \(pairCount) pairs has too few steps at the paper's batch size")
    let stepsPerEpoch = max(1, pairCount / changing.configuration.batchSize)
    changing.set(
      "learningRateWarmUpSteps", \.learningRateWarmUpSteps,
      min(learningRateWarmUpSteps, max(1, stepsPerEpoch / 2)),
      because: "the paper's \(learningRateWarmUpSteps) steps are more than the whole training here")
    let small = SmallCrawl(changing, pairCount: pairCount, trustedCount: trustedCount)
    if method == .safeclip { changing.setStages(small) }
    if method == .cleanclip {
      changing.set(
        "cleaningLearningRate", \.cleaningLearningRate, learningRate,
        because: "a few trusted pairs give few steps, which change nothing at the paper's rate")
    }
    let adapted = changing.configuration
    let epochs =
      switch method {
      case .safeclip: adapted.warmUpEpochs + adapted.slowPasses + small.mixedEpochs
      case .clip, .roclip: small.plainEpochs
      case .cleanclip: small.plainEpochs + adapted.cleaningEpochs
      }
    changing.set(
      "epochs", \.epochs, epochs,
      because: "more epochs bring a small crawl's model to memorising pairs, poison included")
    changing.set(
      "rescoreShare", \.rescoreShare, 1,
      because: "scoring a small crawl whole costs little and keeps all similarities comparable")
    return (changing.configuration, changing.adaptations)
  }
}

extension TrainingConfiguration {
  /// What of an adaptation matters where a trained model is applied: how pairs are compared, and when they are
  /// safe.
  package func adaptedScoring(pairCount: Int, explicit: Set<String>) -> TrainingConfiguration {
    let adapted = adapted(pairCount: pairCount, explicit: explicit).configuration
    var scoring = self
    scoring.neighbours = adapted.neighbours
    scoring.falseAcceptLimit = adapted.falseAcceptLimit
    scoring.safeShareCap = adapted.safeShareCap
    return scoring
  }
}

/// Choices for small crawls by optimiser steps, not epochs; docs/method.md has what was measured.
///
/// What the user chose stands in their place, so that the rest goes with it.
private struct SmallCrawl {
  let warmUpEpochs: Int
  /// As many as take 240 steps, at most 4, or 16 where they see a few trusted pairs only.
  let slowPasses: Int
  /// Whether the slow passes see a few trusted pairs only.
  let trusts: Bool
  /// Steps of one of them.
  let stepsPerSlowPass: Int
  /// As many as take 960 steps, 8 to 14: they begin again from the weights after the warm-up, and the safe set has
  /// to grow; what is left where the user chose the number of all epochs.
  let mixedEpochs: Int
  /// Of plain training, about as many steps.
  let plainEpochs: Int
  /// Half as many from 30 000 pairs on, which the model that learns from the safe set gets to know better.
  let falseAcceptLimit: Double

  /// Where the user chose the number of all epochs, one is left for mixed training.
  init(_ changing: Adapting, pairCount: Int, trustedCount: Int?) {
    let pairsPerStep = changing.configuration.batchSize
    let stepsPerEpoch = max(1, pairCount / pairsPerStep)
    stepsPerSlowPass = max(1, (trustedCount ?? pairCount) / pairsPerStep)
    trusts = trustedCount != nil
    falseAcceptLimit = pairCount >= 30_000 ? 0.02 : 0.04
    warmUpEpochs = changing.chosen("warmUpEpochs", \.warmUpEpochs) ?? 1
    let epochs = changing.chosen("epochs", \.epochs)
    var most = trusts ? 16 : 4
    if let epochs { most = max(1, min(most, epochs - warmUpEpochs - 1)) }
    slowPasses =
      changing.chosen("slowPasses", \.slowPasses)
      ?? min(Self.passes(taking: 240, of: stepsPerSlowPass), most)
    if let epochs {
      mixedEpochs = max(0, epochs - warmUpEpochs - slowPasses)
    } else {
      mixedEpochs = max(8, min(14, Self.passes(taking: 960, of: stepsPerEpoch)))
    }
    let passes = min(4, Self.passes(taking: 240, of: stepsPerEpoch))
    plainEpochs = 1 + passes + max(2, passes)
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

  /// Lets the learning rate of a crawl that is not small reach its peak: the paper's steps are more than the first stage has
  /// below a million pairs or two.
  mutating func shortenWarmUp(pairCount: Int) {
    let stages = TrainingPlan(configuration).epochs
    guard let stage = stages.first(where: { $0.learningRate.warmUpSteps > 0 }) else { return }
    let steps = stage.epochsInStage * max(1, pairCount / configuration.batchSize)
    set(
      "learningRateWarmUpSteps", \.learningRateWarmUpSteps,
      min(configuration.learningRateWarmUpSteps, max(1, steps / 2)),
      because: "the first stage has \(steps) steps, and half of them are left for the full rate")
  }

  /// The value that the user chose; nil where the setting may adapt.
  func chosen<Value>(_ name: String, _ path: KeyPath<TrainingConfiguration, Value>) -> Value? {
    explicit.contains("training.\(name)") ? configuration[keyPath: path] : nil
  }

  mutating func set<Value: Equatable>(
    _ name: String, _ path: WritableKeyPath<TrainingConfiguration, Value>, _ value: Value,
    because reason: String
  ) {
    let name = "training.\(name)"
    let usual = configuration[keyPath: path]
    guard !explicit.contains(name), usual != value else { return }
    configuration[keyPath: path] = value
    adaptations.append(
      Adaptation(name: name, usual: "\(usual)", used: "\(value)", reason: reason))
  }
}

extension Adapting {
  /// The stages of SafeCLIP and what the safe set is made by.
  mutating func setStages(_ small: SmallCrawl) {
    set(
      "warmUpEpochs", \.warmUpEpochs, small.warmUpEpochs,
      because: "more epochs were not seen to rank better on crawls of this size")
    set(
      "slowPasses", \.slowPasses, small.slowPasses,
      because:
        "one pass has about \(small.stepsPerSlowPass) steps here, too few to tell pairs apart")
    set(
      "slowLearningRate", \.slowLearningRate, 5e-4,
      because: """
        about \(small.stepsPerSlowPass * small.slowPasses) steps at the paper's rate, which took 5 800 on \
        CC3M, leave the similarities near chance
        """)
    set(
      "slowFinalLearningRateShare", \.slowFinalLearningRateShare, 0,
      because: "scores of a model whose learning rate has run out rank better")
    if !small.trusts {
      set(
        "slowLeastGain", \.slowLeastGain, 0.01,
        because: "a pass that hardly tells more honest pairs apart teaches what is poisoned")
    }
    set(
      "rewindsAfterSplit", \.rewindsAfterSplit, true,
      because: "passes that tell the pairs of a small crawl apart teach the poison as well")
    set(
      "neighbours", \.neighbours, 32,
      because: "a model that saw copies of one image a few times takes their word for each other")
    set(
      "falseAcceptLimit", \.falseAcceptLimit, small.falseAcceptLimit,
      because: "the mixture alone calls pairs safe that are no more similar than shuffled ones")
    set(
      "firstSafeShareCap", \.firstSafeShareCap, 0.5,
      because: "mixed training begins again from the warm-up, and learns too little from less")
    set(
      "growthShare", \.growthShare, 0.08,
      because: "mixed training has too few epochs (\(small.mixedEpochs)) to grow in by less")
    if configuration.rewindsAfterSplit {
      set(
        "safeShareCap", \.safeShareCap, 0.95,
        because:
          "the limit of false accepts holds the safe set, and a small crawl has no pair to spare")
    }
    set(
      "unimodalWeight", \.unimodalWeight, 0.25,
      because: "mixed training begins again from the warm-up and has few steps for the CLIP loss")
    set(
      "safeSetAugments", \.safeSetAugments, false,
      because:
        "too few epochs (\(small.mixedEpochs)) to learn from crops; a model retrieves worse")
  }
}
