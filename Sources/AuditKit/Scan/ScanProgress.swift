import AuditTraining

/// Where a scan stands, gathered from its events.
///
/// A value: what is shown follows from it alone.
package struct ScanProgress: Sendable {
  /// The phase at work; nil before the first.
  package private(set) var phase: ScanPhase?
  /// Items of phases that read or decode.
  package private(set) var items: Items?
  /// The last step of training or scoring.
  package private(set) var training: TrainingProgress?
  /// Whether a stop was asked for.
  package var isStopping = false

  private var epochStart = 0.0
  private var lastEpoch: (stage: Stage, seconds: Double)?
  private var now = 0.0

  /// A count of items with its rate.
  package struct Items: Sendable, Equatable {
    package var done: Int
    package var total: Int?
    package var perSecond: Double

    package init(done: Int, total: Int?, perSecond: Double) {
      self.done = done
      self.total = total
      self.perSecond = perSecond
    }
  }

  package init() {}

  /// Takes in an event that came `seconds` after the start.
  package mutating func apply(_ event: ScanEvent, at seconds: Double) {
    now = seconds
    switch event {
    case .phase(let next):
      phase = next
      items = nil
      training = nil
      epochStart = seconds
    case .items(let done, let total, let perSecond):
      items = Items(done: done, total: total, perSecond: perSecond)
    case .training(let progress):
      training = progress
      items = nil
    case .epoch(let record, _):
      lastEpoch = (record.stage, seconds - epochStart)
      epochStart = seconds
    case .notice: break
    }
  }

  /// What is at work, for a person.
  package var title: String {
    if let training { return training.isScoring ? "scoring" : training.stage.title }
    return phase?.title ?? "starting"
  }

  /// The finished share of the bar: of the run's epochs in training, of the items elsewhere; nil where
  /// the end is not known.
  package var share: Double? {
    if let training {
      guard training.epochs > 0 else { return nil }
      return min(1, (Double(training.epoch) + epochShare) / Double(training.epochs))
    }
    guard let items, let total = items.total, total > 0 else { return nil }
    return min(1, Double(items.done) / Double(total))
  }

  /// Seconds to the end of this phase, or nil where nothing is known yet.
  ///
  /// In training every epoch left counts as long as the last one of this stage, or as this one will
  /// be at its present rate.
  package var secondsLeft: Double? {
    if let training { return trainingSecondsLeft(training) }
    guard let items, let total = items.total, items.perSecond > 0 else { return nil }
    return Double(max(0, total - items.done)) / items.perSecond
  }

  private var epochShare: Double {
    guard let training, training.steps > 0 else { return 0 }
    // Scoring follows an epoch's last step.
    return training.isScoring ? 1 : Double(training.step) / Double(training.steps)
  }

  private func trainingSecondsLeft(_ training: TrainingProgress) -> Double? {
    let elapsed = now - epochStart
    let perEpoch: Double
    if let lastEpoch, lastEpoch.stage == training.stage {
      perEpoch = max(lastEpoch.seconds, elapsed)
    } else if epochShare > 0, elapsed > 0 {
      perEpoch = elapsed / epochShare
    } else {
      return nil
    }
    let epochsLeft = max(0, training.epochs - training.epoch - 1)
    return max(0, perEpoch - elapsed) + Double(epochsLeft) * perEpoch
  }
}

extension ScanPhase {
  /// What a person is shown.
  package var title: String {
    switch self {
    case .reading: "reading the crawl"
    case .thumbnails: "decoding images"
    case .vocabulary: "learning the vocabulary"
    case .training: "training"
    case .scoring: "scoring"
    case .embedding: "embedding"
    case .writing: "writing the report"
    }
  }
}
