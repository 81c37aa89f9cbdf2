import AuditRisk
import NeuralKit
import Testing

@Suite struct AlignmentTests {
  @Test(arguments: [(1, 1), (3, 17), (17, 3), (60, 61)])
  func areaCountsWonComparisonsAndHalfOfTheTies(positives: Int, negatives: Int) {
    var generator = SeededGenerator(seed: 51, UInt64(positives))
    // Few distinct values, so that there are many ties.
    let truePairs = (0..<positives).map { _ in Float(generator.index(below: 8)) / 8 }
    let shuffled = (0..<negatives).map { _ in Float(generator.index(below: 6)) / 8 }
    var won = 0.0
    for left in truePairs {
      for right in shuffled { won += left > right ? 1 : (left == right ? 0.5 : 0) }
    }
    let estimate = Alignment.measure(truePairs: truePairs, shuffledPairs: shuffled)
    #expect(abs(estimate.value - won / Double(positives * negatives)) < 1e-12)
    #expect(estimate.lower <= estimate.value && estimate.value <= estimate.upper)
    #expect(estimate.lower >= 0 && estimate.upper <= 1)
  }

  @Test func intervalHoldsTheTrueAreaAsOftenAsItSays() {
    // N(1, 1) against N(0, 1): the area is Φ(1/√2).
    let area = 0.760_249_938_906_52
    var generator = SeededGenerator(seed: 52)
    var held = 0
    var width = 0.0
    for _ in 0..<400 {
      let estimate = Alignment.measure(
        truePairs: normals(150, mean: 1, deviation: 1, using: &generator),
        shuffledPairs: normals(100, mean: 0, deviation: 1, using: &generator))
      if estimate.lower <= area && area <= estimate.upper { held += 1 }
      width += estimate.upper - estimate.lower
    }
    // 95 % of 400 with four standard errors.
    #expect(held >= 362 && held <= 397, "\(held) of 400")
    #expect(abs(width / 400 - 0.125) < 0.02)
  }

  @Test func separatedSamplesHaveAreaOneWithAnHonestLowerEnd() {
    let estimate = Alignment.measure(truePairs: [0.5, 0.6, 0.7], shuffledPairs: [0.1, 0.2])
    #expect(estimate.value == 1 && estimate.upper == 1)
    #expect(estimate.lower < 0.5)
  }

  @Test func missingSimilaritiesAreLeftOut() {
    let estimate = Alignment.measure(truePairs: [.nan, 0.5], shuffledPairs: [0.1, .nan, 0.9])
    #expect(estimate.value == 0.5)
    let unknown = Alignment.measure(truePairs: [.nan], shuffledPairs: [0.1])
    #expect(unknown.value.isNaN && unknown.lower == 0 && unknown.upper == 1)
  }
}
