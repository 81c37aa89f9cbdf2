import AuditReport
import AuditRisk

/// What the similarities of a crawl say: mixture, risks, estimates.
struct Findings: Sendable {
  let mixture: GaussianMixture
  let scores: PairScores
  /// The pairs, riskiest first.
  let order: [Int32]
  let estimates: [EstimateRow]

  /// Fits and ranks the `similarities` of all pairs, `[N]`; mismatch is estimated on the `sample`.
  ///
  /// The mixture is fitted without `trusted` pairs, as the one that splits the crawl: they were learned first, and their
  /// similarities are those of no other pair.
  init(
    similarities: [Float], sample: PairSample, safeSet: BitSet?, trusted: BitSet? = nil,
    seed: UInt64
  ) {
    let histogram = Histogram(similarities, excluding: trusted)
    mixture = GaussianMixture.fit(histogram)
    let ranking = RiskRanking(similarities: similarities, mixture: mixture)
    order = ranking.order
    scores = PairScores(
      similarities: similarities, posteriors: mixture.posteriorsSafe(similarities),
      risks: ranking.risks)
    estimates = Self.estimates(histogram, mixture, sample, safeSet: safeSet, seed: seed)
  }

  private static func estimates(
    _ histogram: Histogram, _ mixture: GaussianMixture, _ sample: PairSample, safeSet: BitSet?,
    seed: UInt64
  ) -> [EstimateRow] {
    var rows = [
      EstimateRow(
        EstimateRow.mixtureRiskyShare, .crawl, mixture.lowWeight(histogram, seed: seed)),
      EstimateRow(EstimateRow.mismatchRate, .crawl, sample.mismatchRate(seed: seed).rate),
    ]
    if let safeSet, safeSet.memberCount > 0 {
      let rate = sample.mismatchRate(of: safeSet, seed: seed).rate
      rows.append(EstimateRow(EstimateRow.mismatchRate, .safeSet, rate))
    }
    return rows
  }
}

extension EstimateRow {
  init(_ name: String, _ subject: EstimateSubject, _ estimate: IntervalEstimate) {
    self.init(
      name: name, subject: subject, value: estimate.value, low: estimate.lower,
      high: estimate.upper)
  }
}

extension MixtureRow {
  init(_ mixture: GaussianMixture) {
    func component(_ component: GaussianMixture.Component) -> MixtureRow.Component {
      MixtureRow.Component(
        weight: component.weight, mean: component.mean, variance: component.variance)
    }
    self.init(lower: component(mixture.low), upper: component(mixture.high))
  }
}

extension SafeSetBitmap {
  init(_ members: BitSet) { self.init(pairCount: members.count, words: members.words) }
}
