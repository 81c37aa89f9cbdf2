import AuditRisk

/// What one epoch gives to the caller.
package struct EpochOutcome: Sendable {
  package let record: EpochRecord
  package let scores: EpochScores
  /// The decision on the safe set; nil before the split and in plain training.
  package let decision: SafeSetDecision?
  /// The alignment of the model itself, where the scores are those before it because it gained too little.
  package let droppedAlignment: Double?
}

/// Similarities measured after an epoch.
package struct EpochScores: Sendable, Equatable {
  /// The pairs that no CLIP loss has seen.
  package let watched: PairSample
  /// AUC between the watched pairs and their shuffled captions.
  package let alignment: IntervalEstimate
  /// Of all pairs, the likely ones measured anew and the watched ones where they would stand among
  /// them; nil where only the watched ones were measured.
  package let similarities: [Float]?
  /// Cosines of the pairs that the CLIP loss sees with other pairs' captions, where all were measured.
  package let shuffled: [Float]?
  /// How many pairs the limit of false accepts lets in, as a share, where all were measured.
  package let acceptedShare: Double?

  package init(
    watched: PairSample, similarities: [Float]? = nil, shuffled: [Float]? = nil,
    acceptedShare: Double? = nil
  ) {
    self.watched = watched
    alignment = watched.alignment
    self.similarities = similarities
    self.shuffled = shuffled
    self.acceptedShare = acceptedShare
  }

  /// The same with other similarities of all pairs.
  func with(_ similarities: [Float]) -> EpochScores {
    EpochScores(
      watched: watched, similarities: similarities, shuffled: shuffled,
      acceptedShare: acceptedShare)
  }

  /// True and shuffled pairs to compare: all, or the watched ones where not all were measured.
  package var plotted: (similarities: [Float], shuffled: [Float]) {
    guard let similarities, let shuffled else { return (watched.similarities, watched.shuffled) }
    return (similarities, shuffled)
  }
}
