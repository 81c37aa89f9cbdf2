import AuditEncoders

/// What is measured: a preset and its batch.
struct Workload: Sendable {
  let preset: Preset
  /// Pairs of a step, over all replicas.
  let batchSize: Int

  /// The batch that the goals are set for.
  init(_ preset: Preset) {
    self.preset = preset
    batchSize =
      switch preset {
      case .compact: 128
      case .resNet50: 16
      case .visionTransformerBase32: 32
      }
  }

  /// A share of the roofline, or of the peak, and others: what the step should reach.
  func goals(_ report: StepReport) -> [Goal] {
    var goals: [Goal] = []
    switch preset {
    case .visionTransformerBase32:
      goals.append(Goal(.shareOfPeak, report.shareOfPeak, atLeast: 0.6))
    case .resNet50, .compact:
      goals.append(Goal(.shareOfRoofline, report.shareOfRoofline, atLeast: 0.7))
    }
    if let peer = report.peer {
      goals.append(Goal(.timesPeer, peer.secondsPerStep / report.secondsPerStep, atLeast: 1.5))
    }
    if preset == .resNet50 {
      goals.append(Goal(.memoryBytes, Double(report.memoryBytes), atMost: 4 * 1024 * 1024 * 1024))
    }
    return goals
  }
}
