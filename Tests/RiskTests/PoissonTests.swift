import AuditRisk
import Foundation
import NeuralKit
import Testing

@Suite struct PoissonTests {
  @Test(arguments: [0, 0.3, 4, 9.99, 10, 37, 1_000, 250_000])
  func numbersHaveTheirMeanAndVariance(mean: Double) {
    var generator = SeededGenerator(seed: 81, UInt64(mean * 100))
    let count = 40_000
    var (sum, squares) = (0.0, 0.0)
    for _ in 0..<count {
      let distance = Double(generator.poisson(mean)) - mean
      sum += distance
      squares += distance * distance
    }
    let error = (mean / Double(count)).squareRoot()
    #expect(abs(sum / Double(count)) <= 4.5 * error)
    // The variance of a squared distance is 2 mean² + mean.
    let spread = ((2 * mean * mean + mean) / Double(count)).squareRoot()
    #expect(abs(squares / Double(count) - mean) <= 4.5 * spread)
  }

  @Test(arguments: [3, 12, 30] as [Double])
  func numbersFollowTheirDistribution(mean: Double) {
    var generator = SeededGenerator(seed: 82)
    var seen = [Int](repeating: 0, count: 200)
    let draws = 100_000
    for _ in 0..<draws { seen[min(199, generator.poisson(mean))] += 1 }
    var below = 0
    for number in 0..<100 {
      below += seen[number]
      let expected = PoissonInterval.cumulative(number, mean: mean)
      // Kolmogorov and Smirnov's limit at one in ten thousand.
      #expect(abs(Double(below) / Double(draws) - expected) < 2.3 / Double(draws).squareRoot())
    }
  }

  /// R: qgamma(c(0.025, 0.975), c(k, k + 1)).
  @Test(arguments: [
    (0, 0.0, 3.688_879), (1, 0.025_318, 5.571_643), (10, 4.795_389, 18.390_36),
    (100, 81.363_97, 121.627_1), (10_000, 9_804.962, 10_197.95),
  ])
  func boundsEqualGarwoods(count: Int, lower: Double, upper: Double) {
    let bounds = PoissonInterval.bounds(count: count, level: 0.95)
    #expect(abs(bounds.lower - lower) < 1e-4 * max(1, lower) * 0.1 + 1e-5)
    #expect(abs(bounds.upper - upper) < 1e-4 * max(1, upper) * 0.1 + 1e-5)
  }
}
