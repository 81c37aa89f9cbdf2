import AuditEncoders

/// One training step as measured; seconds, operations and bytes are of a whole step.
struct StepReport: Codable, Sendable {
  let preset: Preset
  let batchSize: Int
  let threads: Int
  /// How many steps were timed.
  let steps: Int
  /// The median.
  let secondsPerStep: Double
  let fastestSeconds: Double
  let imagesPerSecond: Double
  /// As ``StepWork`` counts them.
  let operationsPerStep: Double
  let operationsPerSecond: Double
  /// The machine's, measured before and after the step with as many threads; the larger counts.
  let peakOperationsPerSecond: Double
  /// The machine's, measured after the step with as many threads.
  let bandwidthBytesPerSecond: Double
  let shareOfPeak: Double
  /// The roofline: the least time, see ``StepWork``.
  let leastSeconds: Double
  let shareOfRoofline: Double
  /// The largest resident memory of the process up to the end of the timed steps.
  let memoryBytes: Int
  /// The share of the machine's cores that other programs took while steps were timed.
  let othersShare: Double
  /// The same step in PyTorch; nil where it was not asked for or is not installed.
  var peer: PeerReport?
  /// Why there is no peer although it was asked for.
  var peerAbsence: String?
  var profile: ProfileReport?
  var goals: [Goal] = []
}

/// The peer's step, as `Benchmarks/pytorch-step.py` reports it.
struct PeerReport: Codable, Sendable {
  /// Name and version.
  let peer: String
  /// The thread count that was fastest.
  let threads: Int
  let secondsPerStep: Double
  let imagesPerSecond: Double
}
