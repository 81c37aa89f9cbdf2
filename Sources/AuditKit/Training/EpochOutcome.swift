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
  /// Cosines of the watched pairs, or of all pairs where all were scored.
  package let sample: [Float]
  /// Cosines of the same images with other pairs' captions.
  package let shuffled: [Float]
  /// AUC between the two on the watched pairs.
  package let alignment: IntervalEstimate
  /// Of all pairs, the likely ones measured anew; nil where only the watched ones were.
  package let similarities: [Float]?
}
