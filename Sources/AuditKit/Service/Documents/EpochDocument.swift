import AuditReport

/// What one epoch did and found: its row without the histogram, and its estimates.
struct EpochDocument: Encodable, Sendable {
  private let epoch: EpochRow
  private let estimates: [EstimateRow]

  init(_ epoch: EpochRow, estimates: [EstimateRow]) {
    var epoch = epoch
    epoch.histogram = nil
    self.epoch = epoch
    self.estimates = estimates
  }

  private enum CodingKeys: String, CodingKey {
    case estimates
  }

  func encode(to encoder: any Encoder) throws {
    try epoch.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(estimates, forKey: .estimates)
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
