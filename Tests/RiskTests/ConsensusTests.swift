import AuditRisk
import NeuralKit
import Testing

@Suite struct ConsensusTests {
  @Test("pairs are ranked by the harmonic mean of both places, in the first one's numbers")
  func means() {
    let first = Consensus.Judgement(similarities: [0.1, 0.2, 0.3, 0.4, 0.5], alignment: 0.9)
    let second = Consensus.Judgement(similarities: [9, 1, 7, 8, 2], alignment: 0.9)
    // Places 1 2 3 4 5 and 5 1 3 4 2: of 1/1 + 1/5, 1/2 + 1/1, 1/3 + 1/3, 1/4 + 1/4, 1/5 + 1/2 the largest is the riskiest.
    #expect(Consensus.similarities(first, second) == [0.2, 0.1, 0.4, 0.5, 0.3])
  }

  @Test("who tells nothing apart has no say", arguments: [0.5, 0.3, Double.nan])
  func chance(alignment: Double) {
    let first = Consensus.Judgement(similarities: [3, 1, 2], alignment: 0.9)
    let second = Consensus.Judgement(similarities: [1, 2, 3], alignment: alignment)
    #expect(Consensus.similarities(first, second) == [3, 1, 2])
    // Where the first knows nothing, the second decides, in the first one's numbers.
    #expect(Consensus.similarities(second, first) == [3, 1, 2])
  }

  @Test("who tells pairs apart better has more of a say")
  func weights() {
    let similarities: [Float] = [1, 2, 3, 4]
    let against = Consensus.Judgement(similarities: similarities.reversed(), alignment: 0.6)
    let first = Consensus.Judgement(similarities: similarities, alignment: 0.9)
    // The pair that the weak one places last comes before one more, and no further.
    #expect(Consensus.similarities(first, against) == [1, 2, 4, 3])
    #expect(Consensus.similarities(against, first) == [1, 2, 4, 3])
  }

  @Test("two that agree change nothing, whatever their numbers")
  func agreement() {
    var generator = SeededGenerator(seed: 3)
    let similarities = (0..<200).map { _ in generator.uniform() }
    let first = Consensus.Judgement(similarities: similarities, alignment: 0.7)
    let second = Consensus.Judgement(similarities: similarities.map { $0 * 3 - 1 }, alignment: 0.9)
    #expect(Consensus.similarities(first, second) == similarities)
  }

  @Test("no pairs are no reason to stop")
  func none() {
    let none = Consensus.Judgement(similarities: [], alignment: 0.9)
    #expect(Consensus.similarities(none, none).isEmpty)
  }
}
