/// A safe set with the reason why it is what it is.
public struct SafeSetDecision: Sendable, Hashable, Codable {
  /// What decided.
  public enum Reason: String, Sendable, Codable, CaseIterable {
    /// The posterior exceeded the threshold.
    case mixture
    /// It did for more pairs than the first set may hold: the most similar ones.
    case firstCapReached
    /// It did for more pairs than are more similar than nearly all shuffled ones, which were taken.
    case falseAcceptLimit
    /// The plain posterior left almost nothing safe, the posterior made monotone did not.
    case monotoneMixture
    /// Both did, because the wide component wins everywhere; a mixture of equal variances, whose
    /// posterior is monotone and reaches 1, did not.
    case equalVarianceMixture
    /// Every mixture did: the pairs that are more similar than nearly all shuffled ones.
    case acceptedShare
    /// Every mixture did, and there is no limit of false accepts: the pairs with the highest similarities up to
    /// the minimal share.
    case minimumShare
    /// The set grew, by similarity rank.
    case growth
    /// Alignment fell, so the scores were not trusted: the set stays as it was.
    case growthWithheld
    /// The model began again after the split, and knows too little to have a say: the set stays as it was.
    case splitStands
    /// That model has learned from the safe set alone: the set is what it places highest, as far as it accepts pairs.
    case acceptance
    /// At its end it judges all pairs together with the split.
    case consensus
    /// The set is as large as it may become; members are still exchanged by similarity rank.
    case capReached
  }

  /// The set from now on.
  public var safeSet: SafeSet
  /// What decided.
  public var reason: Reason
  /// Share of pairs whose plain posterior exceeds the threshold; nil where no mixture was asked.
  public var plainShare: Double?
  /// Share of pairs whose monotone posterior exceeds the threshold; nil where no mixture was asked.
  public var monotoneShare: Double?
}

extension SafeSetDecision.Reason {
  /// Whether the rule that should have decided could not, or scores were not trusted.
  public var isFallback: Bool {
    switch self {
    case .monotoneMixture, .equalVarianceMixture, .acceptedShare, .minimumShare, .growthWithheld:
      true
    case .mixture, .firstCapReached, .falseAcceptLimit, .growth, .splitStands,
      .acceptance, .consensus, .capReached:
      false
    }
  }

  /// Whether the scores of the epoch are taken over; else those of an earlier one stay in force.
  ///
  /// A consensus has scores of its own, which are nobody's similarities: the report gets them at the end. Those that a
  /// model accepts by are of a model that knows a part of the crawl.
  public var takesScores: Bool {
    switch self {
    case .growthWithheld, .splitStands, .acceptance, .consensus: false
    case .mixture, .firstCapReached, .falseAcceptLimit, .monotoneMixture, .equalVarianceMixture,
      .acceptedShare, .minimumShare, .growth, .capReached:
      true
    }
  }

  /// The reason in a sentence, for the report.
  public var explanation: String {
    switch self {
    case .mixture:
      "The posterior of the component with the larger mean exceeds the threshold."
    case .firstCapReached:
      "The posterior exceeds the threshold for more pairs than the first set may hold; "
        + "the most similar ones were taken."
    case .falseAcceptLimit:
      "The posterior exceeds the threshold for more pairs than the limit of false accepts allows; "
        + "the most similar ones were taken."
    case .monotoneMixture:
      "The plain posterior collapsed because the wide component wins again in the upper tail; "
        + "the posterior made monotone in the similarity decided."
    case .equalVarianceMixture:
      "The posterior collapsed because the wide component wins at every similarity; "
        + "a mixture with equal variances decided."
    case .acceptedShare:
      "No mixture found enough safe pairs; the pairs that are more similar than the limit of false "
        + "accepts asks were taken."
    case .minimumShare:
      "Neither a mixture nor the limit of false accepts left enough safe pairs; the most similar "
        + "pairs up to the minimal share were taken."
    case .growth:
      "The set grew by similarity rank."
    case .growthWithheld:
      "Alignment fell below the best so far, so the new scores were not trusted: the set "
        + "stays as it was."
    case .splitStands:
      "Mixed training began again from the weights before the slow passes, and its model accepts fewer "
        + "pairs than the set has or tells true pairs from shuffled ones weakly: the split's scores and the "
        + "set stand."
    case .acceptance:
      "The model that learned from the safe set alone accepts as many pairs or more: the set is what it "
        + "places highest."
    case .consensus:
      "The model that learned from the safe set alone has judged all pairs: the set is as large as before, "
        + "by its ranking and the split's together."
    case .capReached:
      "The set has reached its largest share; members are exchanged by similarity rank."
    }
  }
}
