import AuditRisk
import Testing

@Suite struct AcceptanceTests {
  /// 1 000 pairs, each more similar than the one before.
  private static let similarities = (0..<1_000).map { Float($0) / 1_000 }

  private static func policy(growth: Double = 0.05, cap: Double = 0.85) -> SafeSetPolicy {
    var configuration = SafeSetConfiguration()
    configuration.growthShare = growth
    configuration.safeShareCap = cap
    return SafeSetPolicy(configuration)
  }

  /// The last `count` pairs.
  private static func safeSet(_ count: Int) -> SafeSet {
    SafeSet(members: BitSet(count: 1_000, members: 1_000 - count..<1_000), bestAlignment: 0.9)
  }

  @Test(
    "the set grows by its share as far as the model accepts pairs, and never beyond the cap",
    arguments: [
      (0.9, 450, SafeSetDecision.Reason.acceptance), (0.43, 430, .acceptance),
      (0.401, 401, .acceptance), (0.4, 400, .acceptance), (0.399, 400, .splitStands),
      (0, 400, .splitStands),
    ])
  func growth(acceptedShare: Double, size: Int, reason: SafeSetDecision.Reason) {
    let decision = Self.policy().acceptance(
      Self.safeSet(400), similarities: Self.similarities, acceptedShare: acceptedShare,
      alignment: 0.75)
    #expect(decision.reason == reason)
    #expect(decision.safeSet == Self.safeSet(size))
  }

  @Test("at its cap the set exchanges members, and a larger one is not cut")
  func cap() {
    let reversed = Array(Self.similarities.reversed())
    let full = Self.policy(cap: 0.4).acceptance(
      Self.safeSet(400), similarities: reversed, acceptedShare: 1, alignment: 0.9)
    #expect(full.reason == .acceptance)
    #expect(full.safeSet.members.indices == Array(0..<400))
    let larger = Self.policy(cap: 0.3).acceptance(
      Self.safeSet(400), similarities: Self.similarities, acceptedShare: 1, alignment: 0.9)
    #expect(larger.safeSet == Self.safeSet(400))
  }

  @Test(
    "pairs that were added as clean do not count where the set grows, or the last word keeps its size"
  )
  func addedPairs() {
    var safeSet = Self.safeSet(400)
    // A hundred of them are in the set by their similarity.
    safeSet.add(BitSet(count: 1_000, members: 500..<700))
    #expect(safeSet.members.memberCount == 500)
    #expect(safeSet.rankedCount == 400)
    let policy = Self.policy()
    #expect(policy.rescoreCandidates(safeSet, similarities: Self.similarities).memberCount == 450)
    let grown = policy.acceptance(
      safeSet, similarities: Self.similarities, acceptedShare: 0.45, alignment: 0.9)
    #expect(grown.reason == .acceptance)
    #expect(grown.safeSet == Self.safeSet(450))
    #expect(
      policy.update(safeSet, similarities: Self.similarities, alignment: 0.9).safeSet
        == Self.safeSet(450))
    #expect(
      policy.consensus(safeSet, similarities: Self.similarities, alignment: 0.9).safeSet
        == Self.safeSet(400))
    // What is there already is not counted twice.
    safeSet.add(BitSet(count: 1_000, members: 500..<700))
    #expect(safeSet.rankedCount == 400)
  }

  @Test("a set that stands keeps its members, whatever the similarities")
  func standing() {
    let reversed = Array(Self.similarities.reversed())
    let decision = Self.policy().acceptance(
      Self.safeSet(400), similarities: reversed, acceptedShare: 0.3, alignment: 0.9)
    #expect(decision.safeSet == Self.safeSet(400))
    #expect(!decision.reason.takesScores)
  }

  @Test("the last word keeps the size")
  func last() {
    let reversed = Array(Self.similarities.reversed())
    let decision = Self.policy().consensus(
      Self.safeSet(400), similarities: reversed, alignment: 0.9)
    #expect(decision.reason == .consensus)
    #expect(decision.safeSet.members.indices == Array(0..<400))
    #expect(decision.safeSet.bestAlignment == 0.9)
  }

  @Test(
    "a model that tells true pairs from shuffled ones weakly has no say, however much it accepts",
    arguments: [0.7499, 0.5, .nan])
  func weak(alignment: Double) {
    let reversed = Array(Self.similarities.reversed())
    let safeSet = Self.safeSet(400)
    for decision in [
      Self.policy().acceptance(
        safeSet, similarities: reversed, acceptedShare: 1, alignment: alignment),
      Self.policy().consensus(safeSet, similarities: reversed, alignment: alignment),
    ] {
      #expect(decision.reason == .splitStands)
      #expect(decision.safeSet == safeSet)
      #expect(!decision.reason.takesScores)
    }
  }
}
