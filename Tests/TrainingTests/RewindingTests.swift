import AuditEncoders
import AuditRisk
import AuditTraining
import NeuralKit
import Testing

@Suite struct RewindingTests {
  @Test(
    "rewinding begins mixed training from the weights before the slow passes, with a fresh optimiser"
  )
  func rewinding() throws {
    let crawl = try SyntheticCrawl(count: 80, seed: 4)
    var configuration = TrainingConfiguration.tiny(.safeclip, epochs: 4)
    configuration.slowPasses = 2
    configuration.rewindsAfterSplit = true
    configuration.leastAlignment = 0
    // Nothing moves in the mixed epoch but by its own, tiny steps.
    configuration.learningRate = 1e-9
    configuration.weightDecay = 0
    let trainer = try Trainer(.transformer, crawl, configuration, seed: 4)
    var weights: [[Float]] = []
    var kept: [Bool] = []
    var states: [TrainingState] = []
    let last = try trainer.run(
      from: trainer.freshState,
      Trainer.Observer(onEpoch: { _, state in
        weights.append(state.weights.parameters.flat.scalars)
        kept.append(state.weightsBeforeSlowPasses != nil)
        states.append(state)
      }))
    #expect(kept == [false, true, true, false])
    #expect(last.optimiserSteps < 10)
    // What the split has found is not lost by a model that knows less: both rank, in the split's numbers.
    #expect(last.scores?.similarities?.sorted() == states[2].scores?.similarities?.sorted())
    #expect(last.scores?.similarities != states[2].scores?.similarities)
    #expect(last.safeSet?.members.memberCount == states[2].safeSet?.members.memberCount)
    #expect(last.scores?.watched == states[2].scores?.watched)
    func distance(_ a: [Float], _ b: [Float]) -> Float {
      zip(a, b).reduce(0) { max($0, abs($1.0 - $1.1)) }
    }
    #expect(distance(weights[3], weights[0]) < 1e-6)
    #expect(distance(weights[2], weights[0]) > 1e-3)
  }

  /// Sizes of the safe set and reasons after each mixed epoch of a training that began again.
  ///
  /// Risks stay the split's until the last epoch, or to the end where `splitStands`.
  private static func growth(
    falseAcceptLimit: Double, rescoreShare: Double = 1, leastAlignment: Double = 0,
    splitStands: Bool = false
  ) throws -> [(size: Int, reason: SafeSetDecision.Reason)] {
    let crawl = try SyntheticCrawl(count: 80, seed: 4)
    var configuration = TrainingConfiguration.tiny(.safeclip, epochs: 6)
    configuration.slowPasses = 1
    configuration.rewindsAfterSplit = true
    configuration.falseAcceptLimit = falseAcceptLimit
    configuration.firstSafeShareCap = 0.25
    configuration.growthShare = 0.1
    configuration.rescoreShare = rescoreShare
    configuration.leastAlignment = leastAlignment
    let trainer = try Trainer(.transformer, crawl, configuration, seed: 4)
    var growth: [(size: Int, reason: SafeSetDecision.Reason)] = []
    var split: [Float]?
    _ = try trainer.run(
      from: trainer.freshState,
      Trainer.Observer(onEpoch: { outcome, state in
        guard let decision = outcome.decision else { return }
        growth.append((decision.safeSet.members.memberCount, decision.reason))
        #expect(state.safeSet == decision.safeSet)
        if outcome.record.stage != .mixed { split = state.scores?.similarities }
        #expect(
          (state.scores?.similarities == split) == (splitStands || outcome.record.epoch < 5))
        #expect(outcome.scores.similarities?.count == 80)
      }))
    return growth
  }

  @Test(
    "the safe set grows by what the new model says, also where little would be scored anew",
    arguments: [1, 0.3])
  func grows(rescoreShare: Double) throws {
    let growth = try Self.growth(falseAcceptLimit: 1, rescoreShare: rescoreShare)
    #expect(growth.map(\.size) == [10, 18, 26, 34, 34])
    #expect(growth.dropFirst().map(\.reason).dropLast().allSatisfy { $0 == .acceptance })
    #expect(growth.last?.reason == .consensus)
  }

  @Test("a model that accepts next to nothing leaves the safe set as the split made it")
  func stands() throws {
    let growth = try Self.growth(falseAcceptLimit: 0)
    #expect(Set(growth.map(\.size)).count == 1)
    #expect(
      growth.dropFirst().map(\.reason) == [.splitStands, .splitStands, .splitStands, .consensus])
  }

  @Test("a model that knows too little leaves safe set and ranking as the split made them")
  func ignorant() throws {
    // No model tells all pairs from shuffled ones.
    let growth = try Self.growth(falseAcceptLimit: 1, leastAlignment: 1, splitStands: true)
    #expect(Set(growth.map(\.size)).count == 1)
    #expect(growth.dropFirst().allSatisfy { $0.reason == .splitStands })
  }
}
