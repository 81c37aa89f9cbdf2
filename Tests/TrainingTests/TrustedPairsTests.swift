import AuditRisk
import AuditTraining
import NeuralKit
import Testing

@Suite(.serialized) struct TrustedPairsTests {
  private static let count = 96

  /// Every third pair.
  private static let trusted = BitSet(count: count, members: stride(from: 0, to: count, by: 3))

  private static func trainer(
    _ configuration: TrainingConfiguration, trusted: BitSet?
  ) throws -> Trainer {
    let crawl = try SyntheticCrawl(count: count, seed: 4)
    let plain = try Trainer(.transformer, crawl, configuration, seed: 4)
    return Trainer(
      configuration: configuration, model: plain.model, views: plain.views,
      replicas: plain.replicas, backend: plain.backend, seed: plain.seed, trusted: trusted)
  }

  private static func run(_ trainer: Trainer) throws -> ([EpochOutcome], TrainingState) {
    var outcomes: [EpochOutcome] = []
    let last = try trainer.run(
      from: trainer.freshState,
      Trainer.Observer(onEpoch: { outcome, _ in outcomes.append(outcome) }))
    return (outcomes, last)
  }

  @Test("the slow passes see trusted pairs alone, which are safe whatever their similarity")
  func safeclip() throws {
    var configuration = TrainingConfiguration.tiny(.safeclip, epochs: 4)
    configuration.slowPasses = 2
    configuration.safeShareMinimum = 0
    configuration.firstSafeShareCap = 0.05
    let trainer = try Self.trainer(configuration, trusted: Self.trusted)
    let (outcomes, last) = try Self.run(trainer)
    let watched = trainer.watched
    let learned = Self.trusted.indices.count { !watched[$0] }
    #expect(outcomes.map(\.record.stage) == [.warmUp, .slowPass, .slowPass, .mixed])
    for slow in outcomes[1...2] { #expect(slow.record.steps == (learned + 8) / 16) }
    let members = try #require(last.safeSet).members
    #expect(members.intersection(Self.trusted) == Self.trusted)
    #expect(members.memberCount < Self.count)
    #expect(outcomes[2].decision?.safeSet.members.intersection(Self.trusted) == Self.trusted)
    #expect(outcomes.last?.scores.similarities?.contains(where: \.isNaN) == false)
  }

  @Test("the safe set grows by its share, not by trusted pairs that similarity has not chosen")
  func growth() throws {
    var configuration = TrainingConfiguration.tiny(.safeclip, epochs: 6)
    configuration.firstSafeShareCap = 0.1
    configuration.growthShare = 0.05
    // Alignment decides nothing here.
    configuration.alignmentTolerance = 1
    let trainer = try Self.trainer(configuration, trusted: Self.trusted)
    let sets = try Self.run(trainer).0.compactMap(\.decision?.safeSet)
    #expect(sets.count == 5)
    #expect(try #require(sets.first).rankedCount <= 9)
    for (before, after) in zip(sets, sets.dropFirst()) {
      #expect(after.rankedCount == before.rankedCount + 5)
    }
    for set in sets {
      #expect(set.members.intersection(Self.trusted) == Self.trusted)
      // Nobody else is in but by similarity.
      #expect(set.members.memberCount - Self.trusted.memberCount <= set.rankedCount)
    }
  }

  @Test("cleaning comes last, with both losses on the trusted pairs and a fresh optimiser")
  func cleanclip() throws {
    var configuration = TrainingConfiguration.tiny(.cleanclip, epochs: 5)
    configuration.cleaningEpochs = 2
    configuration.cleaningLearningRate = 1e-3
    let trainer = try Self.trainer(configuration, trusted: Self.trusted)
    let (outcomes, last) = try Self.run(trainer)
    #expect(outcomes.map(\.record.stage) == [.plain, .plain, .plain, .cleaning, .cleaning])
    let watched = trainer.watched
    let steps = (Self.trusted.indices.count { !watched[$0] } + 8) / 16
    for cleaning in outcomes.suffix(2) {
      #expect(cleaning.record.steps == steps)
      #expect(cleaning.record.clipLoss != nil && cleaning.record.unimodalLoss != nil)
    }
    #expect(outcomes[0].record.unimodalLoss == nil)
    #expect(last.optimiserSteps == 2 * steps)
    #expect(last.safeSet == nil && last.imagePool == nil)
  }

  @Test(
    "too few trusted pairs, or none for a method that needs them, are refused", arguments: [0, 5])
  func tooFew(count: Int) throws {
    let trusted = count > 0 ? BitSet(count: Self.count, members: 0..<count) : nil
    var configuration = TrainingConfiguration.tiny(.cleanclip, epochs: 3)
    configuration.cleaningEpochs = 1
    let trainer = try Self.trainer(configuration, trusted: trusted)
    let error = #expect(throws: TrainingError.self) { try Self.run(trainer) }
    guard case .tooFewTrusted(let found, 16) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(found <= count)
  }
}
