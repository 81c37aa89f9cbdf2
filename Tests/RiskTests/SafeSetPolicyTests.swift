import AuditRisk
import Foundation
import NeuralKit
import Testing

@Suite struct SafeSetPolicyTests {
  /// 10 000 pairs: 3 000 unrelated, 7 000 matching.
  static let similarities: [Float] = {
    var generator = SeededGenerator(seed: 41)
    return normals(3_000, mean: 0.05, deviation: 0.05, using: &generator)
      + normals(7_000, mean: 0.35, deviation: 0.06, using: &generator)
  }()

  /// Whether no pair outside is more similar than one inside.
  static func isMonotone(_ set: BitSet, _ similarities: [Float]) -> Bool {
    let inside = set.indices.map { similarities[$0] }
    let outside = similarities.indices.filter { !set[$0] }.map { similarities[$0] }
    return (inside.min() ?? 1) >= (outside.filter { !$0.isNaN }.max() ?? -1)
  }

  private func first(_ policy: SafeSetPolicy = SafeSetPolicy()) -> SafeSetDecision {
    policy.split(
      similarities: Self.similarities, mixture: .fit(Self.similarities), alignment: 0.9)
  }

  @Test func splitTakesWhatTheMixtureCallsSafe() throws {
    let decision = first()
    #expect(decision.reason == .mixture)
    #expect(Self.isMonotone(decision.safeSet.members, Self.similarities))
    #expect(abs(decision.safeSet.members.share - 0.7) < 0.02)
    let wrong = decision.safeSet.members.indices.count { $0 < 3_000 }
    #expect(wrong < 30)
    #expect(decision.safeSet.bestAlignment == 0.9)
    #expect(abs(try #require(decision.plainShare) - decision.safeSet.members.share) < 0.01)
  }

  @Test(
    "no more than the allowed share of shuffled pairs would be accepted", arguments: [0, 0.01, 0.1])
  func falseAccepts(limit: Double) {
    var generator = SeededGenerator(seed: 6)
    // Unrelated captions reach far into the matching ones.
    let shuffled = normals(5_000, mean: 0.1, deviation: 0.08, using: &generator)
    var configuration = SafeSetConfiguration()
    configuration.falseAcceptLimit = limit
    let policy = SafeSetPolicy(configuration)
    let decision = policy.split(
      similarities: Self.similarities,
      acceptedShare: policy.acceptedShare(Self.similarities, shuffled: shuffled),
      mixture: .fit(Self.similarities), alignment: 0.9)
    #expect(decision.reason == (limit < 0.1 ? .falseAcceptLimit : .mixture))
    #expect(Self.isMonotone(decision.safeSet.members, Self.similarities))
    let least = decision.safeSet.members.indices.map { Self.similarities[$0] }.min() ?? 0
    let accepted = shuffled.count { $0 >= least }
    #expect(accepted <= Int(limit * 5_000))
    guard limit < 0.1 else { return }
    // One pair more and the limit is passed.
    let next = Self.similarities.filter { $0 < least }.max() ?? 0
    #expect(shuffled.count { $0 >= next } > Int(limit * 5_000))
  }

  @Test(
    "without shuffled pairs there is no limit of false accepts, and never fewer than the minimum")
  func falseAcceptsOfNothing() {
    var configuration = SafeSetConfiguration()
    configuration.falseAcceptLimit = 0.01
    let policy = SafeSetPolicy(configuration)
    #expect(policy.acceptedShare(Self.similarities, shuffled: []) == 1)
    #expect(policy.acceptedShare(Self.similarities, shuffled: [.nan]) == 1)
    #expect(policy.acceptedShare([], shuffled: [0.5]) == 1)
    let share = policy.acceptedShare(Self.similarities, shuffled: [1, 1, .nan])
    #expect(share == 0)
    let all = policy.split(
      similarities: Self.similarities, acceptedShare: share, mixture: .fit(Self.similarities),
      alignment: 0.9)
    #expect(all.safeSet.members.memberCount == 200)
  }

  @Test func firstSetHoldsNoMoreThanItsCapAndThoseAreTheMostSimilar() {
    var configuration = SafeSetConfiguration()
    configuration.firstSafeShareCap = 0.3
    let decision = first(SafeSetPolicy(configuration))
    #expect(decision.reason == .firstCapReached)
    #expect(decision.safeSet.members.memberCount == 3_000)
    #expect(Self.isMonotone(decision.safeSet.members, Self.similarities))
    #expect(decision.plainShare == first().plainShare)
    // The cap is of the first set only.
    let next = SafeSetPolicy(configuration).update(
      decision.safeSet, similarities: Self.similarities, alignment: 0.9)
    #expect(next.safeSet.members.memberCount == 3_100)
  }

  @Test func collapsedPlainRuleFallsBackToTheMonotoneRule() {
    // Nearly all values above the window in which the narrow high component wins.
    let mixture = PosteriorTests.narrowHigh
    let similarities =
      (0..<1_000).map { 0.5 + Float($0) * 1e-4 } + (0..<500).map { Float($0) * 1e-4 } + [0.24]
    let decision = SafeSetPolicy().split(
      similarities: similarities, mixture: mixture, alignment: 0.8)
    #expect(decision.reason == .monotoneMixture)
    #expect((decision.plainShare ?? 1) < 0.02)
    #expect(decision.safeSet.members.memberCount == 1_001)
    #expect(Self.isMonotone(decision.safeSet.members, similarities))
  }

  @Test func wideComponentThatWinsEverywhereDoesNotEmptyTheSet() {
    // The high component is so light and so covered by the wide low one that its posterior never
    // comes near the threshold.
    var generator = SeededGenerator(seed: 42)
    let similarities =
      normals(8_000, mean: 0.1, deviation: 0.1, using: &generator)
      + normals(2_000, mean: 0.16, deviation: 0.04, using: &generator)
    let mixture = GaussianMixture(
      .init(weight: 0.8, mean: 0.1, variance: 0.01),
      .init(weight: 0.2, mean: 0.16, variance: 0.0016))
    let decision = SafeSetPolicy().split(
      similarities: similarities, mixture: mixture, alignment: 0.8)
    #expect(decision.plainShare == 0)
    #expect(decision.monotoneShare == 0)
    #expect(decision.reason == .equalVarianceMixture)
    #expect(decision.safeSet.members.share >= 0.02)
    #expect(decision.safeSet.members.share < 0.7)
    #expect(Self.isMonotone(decision.safeSet.members, similarities))
  }

  @Test("trusted pairs do not pull the mixture of equal variances to themselves")
  func equalVariancesWithoutTrustedPairs() {
    var generator = SeededGenerator(seed: 42)
    let similarities =
      normals(8_000, mean: 0.1, deviation: 0.1, using: &generator)
      + normals(2_000, mean: 0.16, deviation: 0.04, using: &generator)
    // What was learned first stands far above all others.
    let trusted = [Float](repeating: 0.95, count: 1_000)
    let mixture = GaussianMixture(
      .init(weight: 0.8, mean: 0.1, variance: 0.01),
      .init(weight: 0.2, mean: 0.16, variance: 0.0016))
    let alone = SafeSetPolicy().split(
      similarities: similarities, mixture: mixture, alignment: 0.8)
    let together = SafeSetPolicy().split(
      similarities: similarities + trusted, mixture: mixture, alignment: 0.8,
      trusted: BitSet(count: 11_000, members: 10_000..<11_000))
    #expect(together.reason == .equalVarianceMixture)
    #expect(together.safeSet.members.memberCount == alone.safeSet.members.memberCount + 1_000)
  }

  @Test func degenerateMixtureLeavesTheMostSimilarPairs() {
    let similarities = [Float](repeating: 0.2, count: 200) + [0.2000001, .nan]
    let decision = SafeSetPolicy().split(
      similarities: similarities, mixture: .fit([Float]()), alignment: 0.5)
    #expect(decision.reason == .minimumShare || decision.reason == .equalVarianceMixture)
    #expect(decision.safeSet.members[200])
    #expect(!decision.safeSet.members[201])
    #expect(decision.safeSet.members.memberCount >= 5)
  }

  @Test func whatShuffledPairsSayDecidesWhereNoMixtureDoes() {
    // One component: no posterior passes the threshold, whatever the similarity.
    var generator = SeededGenerator(seed: 7)
    let similarities = normals(2_000, mean: 0.49, deviation: 0.01, using: &generator)
    let mixture = GaussianMixture(
      .init(weight: 0.5, mean: 0.493, variance: 0.005),
      .init(weight: 0.5, mean: 0.495, variance: 0.01))
    func first(acceptedShare: Double) -> SafeSetDecision {
      SafeSetPolicy().split(
        similarities: similarities, acceptedShare: acceptedShare, mixture: mixture, alignment: 0.9)
    }
    let decision = first(acceptedShare: 0.2)
    #expect(decision.reason == .acceptedShare)
    #expect(decision.safeSet.members.memberCount == 400)
    #expect(Self.isMonotone(decision.safeSet.members, similarities))
    // The cap and the minimal share hold all the same.
    #expect(first(acceptedShare: 0.9).safeSet.members.memberCount == 1_700)
    #expect(first(acceptedShare: 0.001).safeSet.members.memberCount == 40)
    #expect(first(acceptedShare: 0.001).reason == .minimumShare)
    #expect(first(acceptedShare: 1).reason == .minimumShare)
  }

  @Test func growthAddsOnePercentByRankUntilTheCap() {
    let policy = SafeSetPolicy()
    var decision = first(policy)
    var sizes: [Int] = [decision.safeSet.members.memberCount]
    for _ in 0..<20 {
      decision = policy.update(
        decision.safeSet, similarities: Self.similarities, alignment: 0.9)
      sizes.append(decision.safeSet.members.memberCount)
      #expect(Self.isMonotone(decision.safeSet.members, Self.similarities))
    }
    #expect(decision.reason == .capReached)
    #expect(sizes.last == 8_500)
    for (before, after) in zip(sizes, sizes.dropFirst()) where after < 8_500 {
      #expect(after == before + 100)
    }
  }

  @Test func splitRespectsTheCap() {
    let similarities = (0..<1_000).map { $0 < 10 ? -0.5 : 0.24 + Float($0) * 1e-5 }
    let decision = SafeSetPolicy().split(
      similarities: similarities, mixture: PosteriorTests.narrowHigh, alignment: 0.8)
    #expect(decision.monotoneShare == 0.99)
    #expect(decision.safeSet.members.memberCount == 850)
    let strict = SafeSetPolicy().split(
      similarities: similarities, acceptedShare: 0.001, mixture: PosteriorTests.narrowHigh,
      alignment: 0.8)
    #expect(strict.reason == .minimumShare && strict.safeSet.members.memberCount == 20)
    #expect(Self.isMonotone(decision.safeSet.members, similarities))
  }

  @Test func pairsThatLoseTheirSimilarityLeaveTheSet() {
    let policy = SafeSetPolicy()
    let decision = first(policy)
    var changed = Self.similarities
    let leaver = decision.safeSet.members.indices[17]
    changed[leaver] = -0.5
    let next = policy.update(decision.safeSet, similarities: changed, alignment: 0.9)
    #expect(next.reason == .growth)
    #expect(!next.safeSet.members[leaver])
  }

  @Test func fallenAlignmentKeepsTheSetAsItWas() {
    let policy = SafeSetPolicy()
    let decision = first(policy)
    let reversed = Array(Self.similarities.reversed())
    let fallen = policy.update(decision.safeSet, similarities: reversed, alignment: 0.85)
    #expect(fallen.reason == .growthWithheld)
    #expect(fallen.safeSet == decision.safeSet)
    // The second re-score is no better: it must not become trustworthy by repetition.
    let again = policy.update(fallen.safeSet, similarities: reversed, alignment: 0.86)
    #expect(again.reason == .growthWithheld)
    let unknown = policy.update(decision.safeSet, similarities: reversed, alignment: .nan)
    #expect(unknown.reason == .growthWithheld)
    let recovered = policy.update(
      again.safeSet, similarities: Self.similarities, alignment: 0.895)
    #expect(recovered.reason == .growth)
    #expect(recovered.safeSet.bestAlignment == 0.9)
  }

  @Test func slowDeclineIsNoticed() {
    let policy = SafeSetPolicy()
    var safeSet = first(policy).safeSet
    var reasons: [SafeSetDecision.Reason] = []
    for alignment in [0.897, 0.894, 0.891, 0.888] {
      let decision = policy.update(
        safeSet, similarities: Self.similarities, alignment: alignment)
      safeSet = decision.safeSet
      reasons.append(decision.reason)
    }
    #expect(reasons == [.growth, .growth, .growth, .growthWithheld])
  }

  @Test func candidatesForACheapRescoreAreTheMostSimilar() {
    let policy = SafeSetPolicy()
    let candidates = policy.rescoreCandidates(nil, similarities: Self.similarities)
    #expect(candidates.memberCount == 3_000)
    #expect(Self.isMonotone(candidates, Self.similarities))
    let all = policy.rescoreCandidates(
      SafeSet(members: BitSet([Bool](repeating: true, count: 10_000))),
      similarities: Self.similarities)
    #expect(all.memberCount == 10_000)
  }

  @Test func decisionsExplainThemselvesAndSurviveACheckpoint() throws {
    let texts = Set(SafeSetDecision.Reason.allCases.map(\.explanation))
    #expect(texts.count == SafeSetDecision.Reason.allCases.count)
    let decision = first()
    let json = try JSONEncoder().encode(decision)
    #expect(try JSONDecoder().decode(SafeSetDecision.self, from: json) == decision)
  }
}
