import AuditRisk
import NeuralKit
import Testing

@Suite struct LowWeightTests {
  @Test func intervalHoldsTheWeightAsOftenAsItSays() {
    var generator = SeededGenerator(seed: 95)
    var held = 0
    for repetition in 0..<40 {
      var histogram = Histogram()
      for _ in 0..<3_000 {
        let isLow = generator.flip(0.2)
        histogram.add((isLow ? 0.05 : 0.3) + 0.07 * generator.normal())
      }
      let weight = GaussianMixture.fit(histogram).lowWeight(
        histogram, resamples: 60, seed: UInt64(repetition))
      #expect(weight.lower <= weight.value && weight.value <= weight.upper)
      if weight.lower <= 0.2 && 0.2 <= weight.upper { held += 1 }
    }
    #expect(held >= 33, "\(held) of 40")
  }

  /// A tolerance that is not tightened with the number of values stops outside the interval.
  @Test func fitOfManyValuesStopsInsideItsOwnInterval() {
    var generator = SeededGenerator(seed: 96)
    let histogram = Histogram(
      normals(300_000, mean: 0.05, deviation: 0.06, using: &generator)
        + normals(700_000, mean: 0.25, deviation: 0.07, using: &generator))
    let weight = GaussianMixture.fit(histogram).lowWeight(histogram, resamples: 100, seed: 1)
    #expect(weight.lower < weight.value - 2e-4 && weight.value + 2e-4 < weight.upper)
    #expect(weight.lower <= 0.3 && 0.3 <= weight.upper)
  }

  @Test func flatLikelihoodShowsAsAWideInterval() throws {
    func width(_ name: String) throws -> Double {
      let golden = try #require(GoldenMixture.all.first { $0.name == name })
      let histogram = Histogram(try golden.values())
      let weight = GaussianMixture.fit(histogram).lowWeight(histogram, resamples: 50, seed: 1)
      return weight.upper - weight.lower
    }
    #expect(try width("overlapping") > 3 * width("separated"))
  }

  @Test func degenerateMixtureKnowsNothing() {
    let histogram = Histogram([0.5, 0.5])
    #expect(
      GaussianMixture.fit(histogram).lowWeight(histogram, seed: 1)
        == IntervalEstimate(value: 0.5, lower: 0, upper: 1))
  }

  @Test func sameSeedSameInterval() throws {
    let histogram = Histogram(try #require(GoldenMixture.all.first).values())
    let mixture = GaussianMixture.fit(histogram)
    let first = mixture.lowWeight(histogram, resamples: 20, seed: 3)
    #expect(first == mixture.lowWeight(histogram, resamples: 20, seed: 3))
    #expect(first != mixture.lowWeight(histogram, resamples: 20, seed: 4))
  }
}
