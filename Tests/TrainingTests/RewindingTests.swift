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
    #expect(last.similarities?.sorted() == states[2].similarities?.sorted())
    #expect(last.similarities != states[2].similarities)
    #expect(last.safeSet?.members.memberCount == states[2].safeSet?.members.memberCount)
    #expect(last.watched == states[2].watched)
    func distance(_ a: [Float], _ b: [Float]) -> Float {
      zip(a, b).reduce(0) { max($0, abs($1.0 - $1.1)) }
    }
    #expect(distance(weights[3], weights[0]) < 1e-6)
    #expect(distance(weights[2], weights[0]) > 1e-3)
  }
}
