import AuditRisk
import Foundation
import NeuralKit
import Testing

@Suite struct PosteriorTests {
  static let narrowHigh = GaussianMixture(
    .init(weight: 0.5, mean: 0.1, variance: 0.014), .init(weight: 0.5, mean: 0.25, variance: 4e-4))
  static let wideHigh = GaussianMixture(
    .init(weight: 0.5, mean: 0.1, variance: 4e-4), .init(weight: 0.5, mean: 0.25, variance: 0.014))
  static let grid = stride(from: -1.0, through: 1.0, by: 1e-3).map { Float($0) }

  @Test(arguments: [narrowHigh, wideHigh])
  func logOddsEqualTheRatioOfDensities(_ mixture: GaussianMixture) {
    func density(_ component: GaussianMixture.Component, _ value: Double) -> Double {
      let distance = value - component.mean
      return component.weight * exp(-distance * distance / (2 * component.variance))
        / (2 * .pi * component.variance).squareRoot()
    }
    for value in [-0.1, 0.0, 0.1, 0.2, 0.25, 0.31] {
      let expected = log(density(mixture.high, value) / density(mixture.low, value))
      #expect(abs(mixture.logOdds(value) - expected) < 1e-9)
    }
  }

  @Test func plainPosteriorIsNotMonotoneAndThatIsWhyTheOtherExists() {
    #expect(Self.narrowHigh.posteriorSafe(0.25) > 0.9)
    #expect(Self.narrowHigh.posteriorSafe(0.9) < 0.1)
    #expect(Self.wideHigh.posteriorSafe(0.1) < 0.3)
    #expect(Self.wideHigh.posteriorSafe(-0.9) > 0.9)
  }

  @Test(arguments: [narrowHigh, wideHigh])
  func monotonePosteriorNeverFalls(_ mixture: GaussianMixture) {
    let values = Self.grid.map(mixture.monotonePosteriorSafe)
    #expect(zip(values, values.dropFirst()).allSatisfy { $0 <= $1 })
  }

  @Test(arguments: [narrowHigh, wideHigh])
  func monotonePosteriorIsTheRunningExtremeFromTheMeans(_ mixture: GaussianMixture) {
    let plain = Self.grid.map(mixture.posteriorSafe)
    for (index, value) in Self.grid.enumerated() {
      let monotone = mixture.monotonePosteriorSafe(value)
      if Double(value) >= mixture.low.mean {
        let start = Self.grid.firstIndex { Double($0) >= mixture.low.mean } ?? 0
        let running = plain[start...index].max() ?? 0
        #expect(abs(monotone - running) < 1e-3, "at \(value)")
      } else {
        let end = Self.grid.lastIndex { Double($0) <= mixture.low.mean } ?? 0
        let running = plain[index...end].min() ?? 0
        #expect(abs(monotone - running) < 1e-3, "at \(value)")
      }
    }
  }

  @Test func nanIsNeverSafe() {
    #expect(Self.narrowHigh.posteriorSafe(.nan) == 0)
    #expect(Self.narrowHigh.monotonePosteriorSafe(.nan) == 0)
    #expect(Self.narrowHigh.posteriorsSafe([.nan, 0.3])[0] == 0)
  }
}
