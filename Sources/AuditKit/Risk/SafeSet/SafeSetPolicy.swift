/// Decides which pairs are safe: first by a mixture, then epoch by epoch by growth.
///
/// Safe sets are always monotone in the similarity: every pair at least as similar as a safe one is
/// safe, up to ties, which the order of the crawl breaks. Pairs that were added to a set as clean do not count.
public struct SafeSetPolicy: Sendable {
  /// The settings.
  public let configuration: SafeSetConfiguration

  /// A policy with these settings.
  public init(_ configuration: SafeSetConfiguration = SafeSetConfiguration()) {
    self.configuration = configuration
  }

  /// The first safe set: pairs whose monotone posterior exceeds the threshold.
  ///
  /// When the plain posterior has collapsed the reason says so; when the monotone one has as well,
  /// a mixture with equal variances is asked, and at last the most similar pairs are taken: `acceptedShare` of
  /// them. Where more pairs pass than a first set may hold, or than `acceptedShare` of them, the most similar are safe; where
  /// `acceptedShare` is below the minimal share, or 1 and so no help, the minimal share is. No mixture is fitted to `trusted`
  /// pairs, whose similarities are those of no other.
  public func split(
    similarities: [Float], acceptedShare: Double = 1, mixture: GaussianMixture, alignment: Double,
    trusted: BitSet? = nil
  ) -> SafeSetDecision {
    let threshold = configuration.safeThreshold
    let posteriors = mixture.posteriorsSafe(similarities)
    let plain = posteriors.count { $0 > threshold }
    let monotone = safeCount(similarities, mixture)
    let minimum = count(of: configuration.minimumShare, in: similarities)
    let accepted = capCount(acceptedShare, similarities)
    var (size, reason) = firstSize(
      similarities, plain: plain, monotone: monotone, minimum: minimum,
      accepted: acceptedShare < 1 && accepted >= minimum ? accepted : nil, trusted: trusted)
    let cap = capCount(
      min(configuration.firstSafeShareCap, configuration.safeShareCap), similarities)
    if size > cap { (size, reason) = (cap, reason == .mixture ? .firstCapReached : reason) }
    if size > max(accepted, minimum) {
      (size, reason) = (accepted, reason.isFallback ? reason : .falseAcceptLimit)
      if accepted < minimum { (size, reason) = (minimum, .minimumShare) }
    }
    let total = Double(max(1, similarities.count))
    return SafeSetDecision(
      safeSet: SafeSet(
        members: mostSimilar(size, of: similarities),
        bestAlignment: alignment.isNaN ? nil : alignment),
      reason: reason, plainShare: Double(plain) / total,
      monotoneShare: Double(monotone) / total)
  }

  /// The share of pairs that are more similar than all shuffled ones but those that the limit of false accepts
  /// lets through; 1 where there is no limit or nothing to compare with.
  public func acceptedShare(_ similarities: [Float], shuffled: [Float]) -> Double {
    let known = shuffled.filter { !$0.isNaN }
    guard configuration.falseAcceptLimit < 1, !known.isEmpty, !similarities.isEmpty else {
      return 1
    }
    let order = RiskRanking.ascending(known)
    let accepted = Int(configuration.falseAcceptLimit * Double(known.count) + 1e-6)
    let limit = known[Int(order[known.count - 1 - min(accepted, known.count - 1)])]
    return Double(similarities.count { $0 > limit }) / Double(similarities.count)
  }

  /// The safe set after a re-score: the most similar pairs, more of them by the growth share, up to
  /// the cap.
  ///
  /// When alignment lies below the best trusted so far by more than the tolerance, or is NaN, the
  /// set stays as it was. The reference is the best, not the last, so that a slow decline is
  /// noticed too.
  public func update(
    _ safeSet: SafeSet, similarities: [Float], alignment: Double
  ) -> SafeSetDecision {
    let best = safeSet.bestAlignment
    guard !alignment.isNaN, alignment >= (best ?? alignment) - configuration.alignmentTolerance
    else { return SafeSetDecision(safeSet: safeSet, reason: .growthWithheld) }
    let cap = capCount(configuration.safeShareCap, similarities)
    let before = safeSet.rankedCount
    let size = min(cap, before + count(of: configuration.growthShare, in: similarities))
    return SafeSetDecision(
      safeSet: SafeSet(
        members: mostSimilar(size, of: similarities),
        bestAlignment: max(best ?? alignment, alignment)),
      reason: size > before ? .growth : .capReached)
  }

  /// The safe set of a model that has learned from it alone: the pairs most similar to that model, more of them by the growth
  /// share, and no more than the share that it accepts.
  ///
  /// It has never seen the pairs outside with their captions, so that what it accepts there it has not learned by heart. Where it
  /// accepts fewer than the set has, or its alignment is too low, it knows too little, and the set stays as it was.
  public func acceptance(
    _ safeSet: SafeSet, similarities: [Float], acceptedShare: Double, alignment: Double
  ) -> SafeSetDecision {
    let before = safeSet.rankedCount
    guard capCount(acceptedShare, similarities) >= before, knows(alignment) else {
      return SafeSetDecision(safeSet: safeSet, reason: .splitStands)
    }
    let most = capCount(min(acceptedShare, configuration.safeShareCap), similarities)
    let size = max(
      before, min(most, before + count(of: configuration.growthShare, in: similarities)))
    return SafeSetDecision(
      safeSet: SafeSet(
        members: mostSimilar(size, of: similarities), bestAlignment: safeSet.bestAlignment),
      reason: .acceptance)
  }

  /// A safe set of the same size by what the split and the model that learned from it say together; the same set
  /// where that model's alignment is too low.
  public func consensus(
    _ safeSet: SafeSet, similarities: [Float], alignment: Double
  ) -> SafeSetDecision {
    guard knows(alignment) else {
      return SafeSetDecision(safeSet: safeSet, reason: .splitStands)
    }
    return SafeSetDecision(
      safeSet: SafeSet(
        members: mostSimilar(safeSet.rankedCount, of: similarities),
        bestAlignment: safeSet.bestAlignment),
      reason: .consensus)
  }

  /// The pairs that a cheap re-score looks at: those with the highest last similarities, never fewer
  /// than the safe set and its next growth need.
  public func rescoreCandidates(_ safeSet: SafeSet?, similarities: [Float]) -> BitSet {
    let growth = count(of: configuration.growthShare, in: similarities)
    let needed = (safeSet?.rankedCount ?? 0) + growth
    let size = max(count(of: configuration.rescoreShare, in: similarities), needed)
    return mostSimilar(min(size, similarities.count), of: similarities)
  }

  /// Whether a model that learned from the safe set alone has a say; NaN: nothing says that it should.
  private func knows(_ alignment: Double) -> Bool {
    alignment >= configuration.leastAlignment
  }

  private func firstSize(
    _ similarities: [Float], plain: Int, monotone: Int, minimum: Int, accepted: Int?,
    trusted: BitSet?
  ) -> (Int, SafeSetDecision.Reason) {
    if monotone >= minimum { return (monotone, plain >= minimum ? .mixture : .monotoneMixture) }
    let equal = GaussianMixture.fit(
      Histogram(similarities, excluding: trusted), .equalVariances)
    let count = safeCount(similarities, equal)
    if count >= minimum { return (count, .equalVarianceMixture) }
    return accepted.map { ($0, .acceptedShare) } ?? (minimum, .minimumShare)
  }

  private func safeCount(_ similarities: [Float], _ mixture: GaussianMixture) -> Int {
    let logOdds = mixture.logOdds
    return similarities.count {
      !$0.isNaN && logistic(logOdds.monotone(Double($0))) > configuration.safeThreshold
    }
  }

  private func mostSimilar(_ size: Int, of similarities: [Float]) -> BitSet {
    // Descending with ties in the order of the crawl.
    let order = RiskRanking.ascending(similarities.map { -$0 })
      .filter { !similarities[Int($0)].isNaN }
    return BitSet(count: similarities.count, members: order.prefix(size).lazy.map { Int($0) })
  }

  private func count(of share: Double, in similarities: [Float]) -> Int {
    // Rounded up, but 0.07 of 100 is 7, not 8.
    Int((share * Double(similarities.count) - 1e-6).rounded(.up))
  }

  private func capCount(_ share: Double, _ similarities: [Float]) -> Int {
    Int(share * Double(similarities.count) + 1e-6)
  }
}
