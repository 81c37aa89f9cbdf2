import AuditRisk

/// What one epoch gives to the caller.
package struct EpochOutcome: Sendable {
  package let record: EpochRecord
  package let scores: EpochScores
  /// The decision on the safe set; nil before the split and in plain training.
  package let decision: SafeSetDecision?
}

/// Similarities measured after an epoch.
package struct EpochScores: Sendable {
  /// Cosines of a random sample of true pairs, or of all pairs where all were scored.
  package let sample: [Float]
  /// Cosines of the sample's images with other pairs' captions.
  package let shuffled: [Float]
  /// AUC between the two.
  package let alignment: IntervalEstimate
  /// Whether the state's similarities were measured anew, all or the likely ones.
  package let isCurrent: Bool
}
