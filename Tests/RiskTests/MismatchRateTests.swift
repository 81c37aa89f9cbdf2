import AuditRisk
import Foundation
import NeuralKit
import Testing

@Suite struct MismatchRateTests {
  struct Setting: Sendable, CustomTestStringConvertible {
    var count: Int
    var rate: Float
    /// Mean of the matching pairs; unrelated ones are N(0, 0.1²).
    var matchedMean: Float
    var repetitions: Int
    var testDescription: String { "n \(count), rate \(rate), matched at \(matchedMean)" }
  }

  /// Matching pairs that lie 2.5 and 4 standard deviations above unrelated ones.
  static let settings = [(8_000, 60), (1_000_000, 20)].flatMap { count, repetitions in
    [0.25, 0.4].flatMap { mean in
      [0, 0.005, 0.05, 0.3].map {
        Setting(count: count, rate: $0, matchedMean: mean, repetitions: repetitions)
      }
    }
  }

  /// Histograms of such samples: a Poisson number in every bin.
  private static func samples(
    _ setting: Setting, _ generator: inout SeededGenerator
  ) -> (observed: Histogram, unrelated: Histogram) {
    func cumulative(_ value: Double, mean: Double) -> Double {
      0.5 * erfc((mean - value) / (0.1 * 2.0.squareRoot()))
    }
    let empty = Histogram(binCount: 2_048)
    let (count, rate) = (Double(setting.count), Double(setting.rate))
    var observed: [UInt64] = []
    var unrelated: [UInt64] = []
    for bin in empty.counts.indices {
      let end = empty.center(of: bin) + empty.binWidth / 2
      func share(_ mean: Double) -> Double {
        cumulative(end, mean: mean) - cumulative(end - empty.binWidth, mean: mean)
      }
      let (low, high) = (share(0), share(Double(setting.matchedMean)))
      observed.append(UInt64(generator.poisson(count * (rate * low + (1 - rate) * high))))
      unrelated.append(UInt64(generator.poisson(count * low)))
    }
    return (
      Histogram(lowerBound: -1, upperBound: 1, counts: observed),
      Histogram(lowerBound: -1, upperBound: 1, counts: unrelated)
    )
  }

  /// The mean lies at the true rate or a little above it: never more than 4 % (or 0.0005) below, and
  /// above only as far as matching pairs reach into the lower tail.
  @Test(arguments: settings)
  func estimateIsNearlyUnbiasedAndErrsUpward(_ setting: Setting) {
    var generator = SeededGenerator(seed: 71, UInt64(setting.count), UInt64(setting.rate * 1_000))
    var sum = 0.0
    for _ in 0..<setting.repetitions {
      let (observed, unrelated) = Self.samples(setting, &generator)
      sum +=
        MismatchRate.estimate(
          observed: observed, unrelated: unrelated, resamples: 0, seed: 0
        ).rate.value
    }
    let mean = sum / Double(setting.repetitions)
    let rate = Double(setting.rate)
    #expect(mean >= rate - max(0.0005, 0.04 * rate), "mean \(mean)")
    #expect(mean <= rate + 0.003 + 0.03 * rate, "mean \(mean)")
  }

  @Test(arguments: settings)
  func intervalHoldsTheRateAsOftenAsItSays(_ setting: Setting) {
    var generator = SeededGenerator(seed: 72, UInt64(setting.rate * 1_000))
    // The bound lies above a rate of 0 by the matching pairs in the tail, however many pairs there are.
    let slack = 2e-4
    var held = 0
    for repetition in 0..<40 {
      let (observed, unrelated) = Self.samples(setting, &generator)
      let rate = MismatchRate.estimate(
        observed: observed, unrelated: unrelated, resamples: 100, seed: UInt64(repetition)
      ).rate
      #expect(rate.lower <= rate.value && rate.value <= rate.upper)
      #expect(rate.lower >= 0 && rate.upper <= 1)
      if rate.lower <= Double(setting.rate) + slack && Double(setting.rate) <= rate.upper {
        held += 1
      }
    }
    #expect(held >= 33, "\(held) of 40")
  }

  @Test func overlappingDensitiesGiveABoundFromAbove() {
    // Half of the matching pairs are as similar as unrelated ones: the rate cannot be seen below 1/2.
    var generator = SeededGenerator(seed: 73)
    var observed = Histogram()
    for index in 0..<20_000 {
      observed.add((index % 2 == 0 ? 0 : 0.3) + 0.1 * generator.normal())
    }
    let unrelated = Histogram(normals(20_000, mean: 0, deviation: 0.1, using: &generator))
    let rate = MismatchRate.estimate(observed: observed, unrelated: unrelated, seed: 1).rate
    #expect(abs(rate.value - 0.5) < 0.04)
    let same = MismatchRate.estimate(observed: unrelated, unrelated: unrelated, seed: 1).rate
    #expect(same.value > 0.97 && same.upper <= 1)
  }

  @Test func emptyTailStillHasAnUpperEnd() {
    let unrelated = Histogram((0..<1_000).map { Float($0) * 1e-4 })
    let observed = Histogram((0..<1_000).map { 0.5 + Float($0) * 1e-4 })
    let estimate = MismatchRate.estimate(observed: observed, unrelated: unrelated, seed: 1)
    #expect(estimate.rate.value == 0 && estimate.rate.lower == 0)
    #expect(estimate.pairsBelow == 0)
    // 3.7 events of 1 000.
    #expect(abs(estimate.rate.upper - 0.00369) < 0.0001)
  }

  @Test(arguments: [(0, 100), (100, 0), (100, 49), (0, 0)])
  func tooLittleDataLeavesEverythingOpen(observed: Int, unrelated: Int) {
    let rate = MismatchRate.estimate(
      observed: Histogram([Float](repeating: 0.2, count: observed)),
      unrelated: Histogram([Float](repeating: 0.1, count: unrelated)), seed: 1
    ).rate
    #expect(rate == IntervalEstimate(value: 1, lower: 0, upper: 1))
  }

  @Test func sameSeedSameInterval() {
    var generator = SeededGenerator(seed: 74)
    let (observed, unrelated) = Self.samples(
      Setting(count: 3_000, rate: 0.1, matchedMean: 0.3, repetitions: 1), &generator)
    func estimate(_ seed: UInt64) -> MismatchRate {
      .estimate(observed: observed, unrelated: unrelated, seed: seed)
    }
    #expect(estimate(5) == estimate(5))
    #expect(estimate(5) != estimate(6))
  }

  /// A set cut off at a similarity: its own lower tail is empty, so the plain estimate would be 0.
  @Test(arguments: [0.05, 0.3] as [Float])
  func rateInASelectionCountsTheUnrelatedPairsThatEntered(rate: Float) {
    var generator = SeededGenerator(seed: 75)
    let count = 40_000
    let isUnrelated = (0..<count).map { _ in generator.flip(rate) }
    let similarities = isUnrelated.map { ($0 ? 0 : 0.25) + 0.1 * generator.normal() }
    let unrelated = Histogram(normals(count, mean: 0, deviation: 0.1, using: &generator))
    let members = BitSet(similarities.map { $0 > 0.15 })
    let inside = members.indices
    let truth = Double(inside.count { isUnrelated[$0] }) / Double(inside.count)
    let selected = Histogram(similarities, members: members)
    let observed = Histogram(similarities)
    let estimate = MismatchRate.estimate(
      selected: selected, observed: observed, unrelated: unrelated, seed: 1)
    #expect(abs(estimate.rate.value - truth) < 0.15 * truth, "\(estimate.rate), truth \(truth)")
    #expect(estimate.rate.lower <= truth && truth <= estimate.rate.upper)
    let naive = MismatchRate.estimate(observed: selected, unrelated: unrelated, seed: 1)
    #expect(naive.rate.value < truth / 10)
    let whole = MismatchRate.estimate(
      selected: observed, observed: observed, unrelated: unrelated, seed: 1)
    let plain = MismatchRate.estimate(observed: observed, unrelated: unrelated, seed: 1)
    #expect(abs(whole.rate.value / plain.rate.value - 1) < 1e-3)
  }
}
