import AuditReport

/// A number with its interval.
struct EstimateDocument: Encodable, Sendable {
  var name: String
  var subject: String
  var value: Double
  var low: Double?
  var high: Double?

  init(_ estimate: EstimateRow) {
    name = estimate.name
    subject = estimate.subject.rawValue
    value = estimate.value
    low = estimate.low
    high = estimate.high
  }

  init(_ measure: MeasureRow) {
    name = measure.name
    subject = measure.subject
    value = measure.value
    low = measure.low
    high = measure.high
  }

  init(name: String, subject: String, value: Double, low: Double, high: Double) {
    self.name = name
    self.subject = subject
    self.value = value
    self.low = low
    self.high = high
  }
}

/// What one epoch did and found.
struct EpochDocument: Encodable, Sendable {
  var number: Int
  var stage: String
  var steps: Int
  var seconds: Double
  var loss: Double
  var clipLoss: Double?
  var unimodalLoss: Double?
  var learningRate: Double
  var logitScale: Double
  var alignment: Double?
  var mixture: MixtureRow?
  var safeCount: Int?
  var safeShare: Double?
  var decisionReason: String?
  var estimates: [EstimateDocument]

  init(_ epoch: EpochRow, estimates: [EstimateRow]) {
    number = epoch.number
    stage = epoch.stage
    steps = epoch.steps
    seconds = epoch.seconds
    loss = epoch.loss
    clipLoss = epoch.clipLoss
    unimodalLoss = epoch.unimodalLoss
    learningRate = epoch.learningRate
    logitScale = epoch.logitScale
    alignment = epoch.alignment
    mixture = epoch.mixture
    safeCount = epoch.safeCount
    safeShare = epoch.safeShare
    decisionReason = epoch.decisionReason
    self.estimates = estimates.map { EstimateDocument($0) }
  }
}

/// All finished epochs of a run.
struct HistoryDocument: Encodable, Sendable {
  var run: String
  var epochs: [EpochDocument]

  init(_ identifier: RunIdentifier, _ snapshot: ReportSnapshot) throws {
    run = identifier.description
    epochs = try snapshot.epochs(of: try snapshot.run(identifier.number).id).map { epoch in
      EpochDocument(
        epoch, estimates: try snapshot.estimates(of: identifier.number, epoch: epoch.number))
    }
  }
}

/// The mixture with what it was fitted to.
struct MixtureDocument: Encodable, Sendable {
  var run: String
  var epoch: Int
  var parameters: MixtureRow
  var lower: Double
  var upper: Double
  var counts: [UInt32]
  var shuffledCounts: [UInt32]?

  /// Reads the mixture of epoch `number`, or the one that the current scores are judged by, in at most so many bins:
  /// neighbouring ones are added up.
  ///
  /// - Throws: `Problem` where there is no mixture.
  init(
    _ identifier: RunIdentifier, _ snapshot: ReportSnapshot, epoch number: Int?, bins: Int?
  ) throws {
    let run = try snapshot.run(identifier.number)
    let epoch =
      if let number {
        try snapshot.epochs(of: run.id).first { $0.number == number }
      } else {
        try snapshot.currentMixture(of: run)
      }
    guard let epoch, let mixture = epoch.mixture, let histogram = epoch.histogram else {
      throw Problem(
        .notFound,
        number.map { "Epoch \($0) has no mixture." } ?? "The run has no mixture yet.")
    }
    self.run = identifier.description
    self.epoch = epoch.number
    parameters = mixture
    lower = histogram.lower
    upper = histogram.upper
    counts = Self.merged(histogram.counts, bins)
    shuffledCounts = histogram.shuffledCounts.map { Self.merged($0, bins) }
  }

  /// Adds up runs of bins, all equally long, so that at most `bins` are left.
  private static func merged(_ counts: [UInt32], _ bins: Int?) -> [UInt32] {
    guard let bins, bins < counts.count else { return counts }
    // Only a divisor keeps all bins of one width over the same range.
    let width = (1...counts.count).first { counts.count % $0 == 0 && counts.count / $0 <= bins }
    guard let width else { return counts }
    return stride(from: 0, to: counts.count, by: width).map { start in
      counts[start..<(start + width)].reduce(0, &+)
    }
  }
}
