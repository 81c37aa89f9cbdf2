import AuditTraining
import Testing

@Suite struct TrainingConfigurationTests {
  /// What adaptation may change, under the names that users set.
  static let adaptable = [
    "training.batchSize", "training.slowLearningRate", "training.slowFinalLearningRateShare",
    "training.learningRateWarmUpSteps",
    "training.epochs", "training.warmUpEpochs", "training.slowPasses", "training.rescoreShare",
    "training.safeSetAugments", "training.rewindsAfterSplit", "training.neighbours",
    "training.falseAcceptLimit", "training.firstSafeShareCap", "training.unimodalWeight",
    "training.slowLeastGain", "training.growthShare", "training.safeShareCap",
  ]

  @Test(
    "a small crawl adapts, and every changed setting is told with a reason",
    arguments: [
      16, 1000, 8121, 99_999,
    ])
  func reasons(pairCount: Int) {
    let paper = TrainingConfiguration()
    let (adapted, adaptations) = paper.adapted(pairCount: pairCount, explicit: [])
    let before = values(paper)
    let after = values(adapted)
    let changed = before.keys.filter { before[$0] != after[$0] }
    #expect(Set(adaptations.map(\.name)) == Set(changed.map { "training.\($0)" }))
    #expect(!adaptations.isEmpty)
    for adaptation in adaptations {
      let name = String(adaptation.name.dropFirst("training.".count))
      #expect(adaptation.reason.count > 20, "\(adaptation.name)")
      #expect(adaptation.usual == before[name])
      #expect(adaptation.used == after[name])
      #expect(adaptation.usual != adaptation.used)
    }
    #expect(throws: Never.self) { try adapted.validate(pairCount: pairCount) }
  }

  @Test("what the user chose never changes", arguments: adaptable)
  func explicit(name: String) {
    let paper = TrainingConfiguration()
    let (adapted, adaptations) = paper.adapted(pairCount: 8000, explicit: [name])
    let setting = String(name.dropFirst("training.".count))
    #expect(values(adapted)[setting] == values(paper)[setting])
    #expect(adaptations.allSatisfy { $0.name != name })
    // Where mixed training does not begin again, nothing but the cap holds the safe set.
    let held = name == "training.rewindsAfterSplit" ? 1 : 0
    #expect(adaptations.count == Self.adaptable.count - 1 - held)
  }

  @Test("from 30 000 pairs on half as many false accepts are enough for the safe set to grow")
  func fewerFalseAccepts() {
    let paper = TrainingConfiguration()
    let below = paper.adapted(pairCount: 29_999, explicit: []).configuration
    let above = paper.adapted(pairCount: 30_000, explicit: []).configuration
    #expect(below.safeShareCap == 0.95)
    #expect(above.safeShareCap == 0.95)
    #expect(below.falseAcceptLimit == 0.04)
    #expect(above.falseAcceptLimit == 0.02)
  }

  @Test(
    "mixed training takes 960 steps, in 8 to 14 epochs",
    arguments: [
      (1_000, 14), (8_121, 14), (12_800, 10), (43_072, 8),
    ])
  func mixedEpochs(pairCount: Int, mixed: Int) {
    let adapted = TrainingConfiguration().adapted(pairCount: pairCount, explicit: []).configuration
    #expect(adapted.epochs == adapted.warmUpEpochs + adapted.slowPasses + mixed)
  }

  @Test("a trained model calls pairs safe by the limits that training had")
  func scoring() {
    var wanted = TrainingConfiguration()
    wanted.safeThreshold = 0.7
    let adapted = wanted.adapted(pairCount: 8_000, explicit: []).configuration
    let scoring = wanted.adaptedScoring(pairCount: 8_000, explicit: [])
    #expect(scoring.neighbours == adapted.neighbours)
    #expect(scoring.falseAcceptLimit == adapted.falseAcceptLimit)
    #expect(scoring.safeShareCap == adapted.safeShareCap)
    #expect(scoring.safeThreshold == 0.7)
    #expect(scoring.batchSize == wanted.batchSize)
  }

  @Test("a number of epochs that the user chose leaves one for mixed training", arguments: 3...8)
  func chosenEpochs(epochs: Int) throws {
    var wanted = TrainingConfiguration()
    wanted.epochs = epochs
    let (adapted, _) = wanted.adapted(pairCount: 192, explicit: ["training.epochs"])
    try adapted.validate(pairCount: 192)
    #expect(adapted.epochs == epochs)
    #expect(adapted.warmUpEpochs + adapted.slowPasses < epochs)
  }

  @Test(
    "so it does after a warm-up that the user chose as well",
    arguments: [(5, 1), (6, 2), (7, 3), (9, 4)])
  func chosenWarmUp(epochs: Int, slowPasses: Int) throws {
    var wanted = TrainingConfiguration()
    wanted.warmUpEpochs = 3
    wanted.epochs = epochs
    let (adapted, _) = wanted.adapted(
      pairCount: 4_000, explicit: ["training.epochs", "training.warmUpEpochs"])
    try adapted.validate(pairCount: 4_000)
    #expect(adapted.warmUpEpochs == 3)
    #expect(adapted.slowPasses == slowPasses)
    #expect(adapted.epochs == epochs)
  }

  @Test("steps are counted with the batch size that the user chose")
  func chosenBatchSize() {
    let (adapted, _) = TrainingConfiguration().adapted(
      pairCount: 43_000, explicit: ["training.batchSize"])
    // 83 steps an epoch: 240 take three of them, 960 twelve.
    #expect(adapted.batchSize == 512)
    #expect(adapted.learningRateWarmUpSteps == 41)
    #expect(adapted.slowPasses == 3)
    #expect(adapted.epochs == 1 + 3 + 12)
  }

  @Test("slow passes that see trusted pairs alone are more, as these have few steps")
  func trusted() {
    let paper = TrainingConfiguration()
    let passes = [nil, 400, 4_000, 8_000].map {
      paper.adapted(pairCount: 8_000, trustedCount: $0, explicit: []).configuration.slowPasses
    }
    #expect(passes == [4, 16, 8, 4])
    let gains = [nil, 400].map {
      paper.adapted(pairCount: 8_000, trustedCount: $0, explicit: []).configuration
        .slowLeastGain
    }
    #expect(gains == [0.01, -1])
  }

  @Test("plain training is told nothing of stages that it does not have")
  func plainTraining() {
    var plain = TrainingConfiguration()
    plain.method = .clip
    let names = plain.adapted(pairCount: 8000, explicit: []).adaptations.map(\.name)
    #expect(!names.contains("training.warmUpEpochs") && !names.contains("training.slowPasses"))
  }

  @Test("crawls from 100 000 pairs keep the paper's constants")
  func largeCrawl() {
    let (adapted, adaptations) = TrainingConfiguration().adapted(
      pairCount: 3_000_000, explicit: [])
    #expect(adapted == TrainingConfiguration())
    #expect(adaptations.isEmpty)
  }

  @Test(
    "the learning rate gets to its peak in the first half of the first stage",
    arguments: [(100_000, 487), (1_000_000, 4_882), (2_100_000, 10_000)])
  func largeWarmUp(pairCount: Int, steps: Int) {
    let (adapted, adaptations) = TrainingConfiguration().adapted(
      pairCount: pairCount, explicit: [])
    var expected = TrainingConfiguration()
    expected.learningRateWarmUpSteps = steps
    #expect(adapted == expected)
    #expect(adaptations.count == (steps == 10_000 ? 0 : 1))
    #expect(adapted.adapted(pairCount: pairCount, explicit: []).adaptations.isEmpty)
    let chosen: Set<String> = ["training.learningRateWarmUpSteps"]
    #expect(
      TrainingConfiguration().adapted(pairCount: pairCount, explicit: chosen).adaptations.isEmpty)
  }

  @Test("adapting again changes nothing")
  func idempotent() {
    let (once, _) = TrainingConfiguration().adapted(pairCount: 8000, explicit: [])
    let (twice, adaptations) = once.adapted(pairCount: 8000, explicit: [])
    #expect(twice == once)
    #expect(adaptations.isEmpty)
  }

  @Test("the paper's constants are valid")
  func defaults() throws {
    try TrainingConfiguration().validate(pairCount: 1_000_000)
  }

  @Test("too few pairs are refused with their number")
  func tooFewPairs() {
    #expect(throws: TrainingError.tooFewPairs(count: 15, minimum: 16)) {
      try TrainingConfiguration().validate(pairCount: 15)
    }
  }

  struct Invalid: Sendable, CustomTestStringConvertible {
    let name: String
    let change: @Sendable (inout TrainingConfiguration) -> Void
    var testDescription: String { name }

    init(_ name: String, _ change: @escaping @Sendable (inout TrainingConfiguration) -> Void) {
      self.name = name
      self.change = change
    }
  }

  @Test(
    "a setting without meaning is refused by name",
    arguments: [
      Invalid("batchSize") { $0.batchSize = 1 },
      Invalid("warmUpEpochs") { $0.warmUpEpochs = -1 },
      Invalid("slowPasses") { $0.slowPasses = -1 },
      Invalid("poolCapacity") { $0.poolCapacity = -1 },
      Invalid("safeThreshold") { $0.safeThreshold = 1.5 },
      Invalid("firstSafeShareCap") { $0.firstSafeShareCap = -1 },
      Invalid("slowLeastGain") { $0.slowLeastGain = -1.5 },
      Invalid("nearestImagesWeight") { $0.nearestImagesWeight = 1.5 },
      Invalid("nearestCaptionsWeight") { $0.nearestCaptionsWeight = 0.9 },
      Invalid("growthShare") { $0.growthShare = -0.1 },
      Invalid("safeShareCap") { $0.safeShareCap = .nan },
      Invalid("rescoreShare") { $0.rescoreShare = 2 },
      Invalid("learningRate") { $0.learningRate = 0 },
      Invalid("warmUpLearningRate") { $0.warmUpLearningRate = .infinity },
      Invalid("slowLearningRate") { $0.slowLearningRate = -1e-4 },
      Invalid("epochs") { $0.epochs = 5 },
      Invalid("slowFinalLearningRateShare") { $0.slowFinalLearningRateShare = 1.1 },
      Invalid("epochs") {
        $0.method = .clip
        $0.epochs = 0
      },
      Invalid("warmUpEpochs") {
        $0.warmUpEpochs = 0
        $0.slowPasses = 0
      },
    ])
  func validation(invalid: Invalid) throws {
    var configuration = TrainingConfiguration()
    invalid.change(&configuration)
    let error = #expect(throws: TrainingError.self) {
      try configuration.validate(pairCount: 1000)
    }
    guard case .invalidSetting(let name, let value, let expected) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(name == "training.\(invalid.name)")
    #expect(!value.isEmpty && !expected.isEmpty)
    #expect("\(error.map { "\($0)" } ?? "")".contains(name))
  }

  /// All settings as text by name.
  private func values(_ configuration: TrainingConfiguration) -> [String: String] {
    Mirror(reflecting: configuration).children.reduce(into: [:]) { values, child in
      if let label = child.label { values[label] = "\(child.value)" }
    }
  }
}
