import AuditTraining

/// What a scan of a crawl of known size would take, worked out from measured steps.
public struct ScanPlan: Codable, Sendable, Equatable {
  /// Pairs of the crawl.
  public var pairs: Int
  /// The model.
  public var preset: String
  /// Settings that adapt to a crawl of this size.
  public var adaptations: [Adaptation]
  /// The steps that it is worked out from.
  public var step: StepMeasurement
  /// Epochs and seconds of each stage in order.
  public var stages: [StageCost]
  /// Seconds of scoring after the epochs.
  public var scoringSeconds: Double
  /// Training and scoring together.
  ///
  /// Reading and decoding, which depend on the images' sizes, come on top, once.
  public var seconds: Double
  /// Memory at the most.
  public var memoryBytes: Int
  /// Thumbnails and checkpoints in the work folder, which may be deleted after the scan.
  public var workFolderBytes: Int
  /// The report.
  public var reportBytes: Int

  /// One stage of training.
  public struct StageCost: Codable, Sendable, Equatable {
    /// Which.
    public var stage: Stage
    /// Its epochs.
    public var epochs: Int
    /// Its training.
    public var seconds: Double
  }

  /// Captions, names, places and scores of one pair in memory.
  private static let memoryBytesPerPair = 600
  /// A pair's row in the report, its indexes included, without the history of the safe set.
  private static let reportBytesPerPair = 420
  /// The program itself with its libraries.
  private static let memoryBytesBase = 80 << 20

  /// Works out the costs for `pairs` pairs, `trustedCount` of them known to be clean, with settings in `explicit` as they are.
  package init(
    pairs: Int, trustedCount: Int? = nil, configuration: ScanConfiguration,
    explicit: Set<String>, thumbnailBytes: Int, step: StepMeasurement
  ) {
    let (training, adaptations) = configuration.training.adapted(
      pairCount: pairs, trustedCount: trustedCount, explicit: explicit)
    let epochs = TrainingPlan(training).epochs
    self.pairs = pairs
    preset = configuration.preset
    self.adaptations = adaptations
    self.step = step
    stages = Stage.allCases.compactMap { stage in
      let count = epochs.filter { $0.stage == stage }.count
      guard count > 0 else { return nil }
      let seen = stage == .slowPass || stage == .cleaning ? trustedCount ?? pairs : pairs
      return StageCost(
        stage: stage, epochs: count,
        seconds: Double(count * seen) * Self.secondsPerPair(stage, step))
    }
    scoringSeconds =
      Self.scoredPairs(pairs, training, epochs) * step.scoringSecondsPerPair
    seconds = stages.reduce(scoringSeconds) { $0 + $1.seconds }
    // Slow passes that are taken back keep the weights from before them.
    let rewinds = training.rewindsAfterSplit && epochs.contains { $0.stage == .slowPass }
    let keptBytes = rewinds ? 4 * step.parameterCount : 0
    memoryBytes =
      Self.memoryBytesBase + step.memoryBytes + keptBytes + pairs * Self.memoryBytesPerPair
    // Two checkpoints of weights and two moments, since the new one is whole before the old one goes.
    workFolderBytes = pairs * thumbnailBytes + 2 * (12 * step.parameterCount + keptBytes)
    reportBytes = pairs * Self.reportBytesPerPair + pairs * epochs.count / 8
  }

  /// Pairs that are embedded to be scored, each as often as it is.
  private static func scoredPairs(
    _ pairs: Int, _ training: TrainingConfiguration, _ epochs: [TrainingPlan.Epoch]
  ) -> Double {
    let references = training.neighbours > 0 ? min(pairs, training.neighbourReferences) : 0
    // With all pairs embedded as neighbours, none is embedded again.
    if references == pairs { return Double(epochs.count * pairs) }
    let sample = training.watchedCount(of: pairs)
    let rescored = training.rescoreShare * Double(pairs)
    // Twice all pairs: at the split and at the end.
    var scored = Double(2 * pairs)
    for epoch in epochs {
      scored += Double(sample + references) + (epoch.stage == .mixed ? rescored : 0)
    }
    return scored
  }

  /// A mixed epoch has pairs of both kinds in a share that only the scan finds; the dearer counts.
  private static func secondsPerPair(_ stage: Stage, _ step: StepMeasurement) -> Double {
    switch stage {
    case .warmUp: step.unimodalSecondsPerPair
    case .slowPass, .plain: step.clipSecondsPerPair
    case .cleaning: step.clipSecondsPerPair + step.unimodalSecondsPerPair
    case .mixed: max(step.unimodalSecondsPerPair, step.clipSecondsPerPair)
    }
  }
}
