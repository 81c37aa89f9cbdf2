import AuditEvaluation
import AuditRisk
import Testing

@Suite("Intervals of proportions and means")
struct IntervalTests {
  /// SciPy 1.17.1: binomtest(k, n).proportion_ci(level, "wilson").
  @Test(
    "Wilson's interval is SciPy's",
    arguments: [
      (0, 10, 0.95, 0.0, 0.27753279986288926), (1, 1, 0.95, 0.20654931437723745, 1.0),
      (7, 20, 0.95, 0.1811918241010821, 0.5671457233147637),
      (7, 20, 0.99, 0.14639344137693885, 0.6283381789526872),
      (50, 100, 0.95, 0.4038315303659956, 0.5961684696340044),
      (100, 100, 0.95, 0.9630065017930143, 1.0),
      (3, 44_000, 0.95, 2.3188235880039292e-05, 0.0002004617568121641),
    ])
  func wilson(successes: Int, trials: Int, level: Double, lower: Double, upper: Double) throws {
    let estimate = try #require(
      IntervalEstimate(successes: successes, trials: trials, level: level))
    #expect(estimate.value == Double(successes) / Double(trials))
    #expect(isClose(estimate.lower, lower, within: 1e-13))
    #expect(isClose(estimate.upper, upper, within: 1e-13))
    #expect(estimate.level == level)
  }

  @Test("every proportion lies in its interval, and the interval in 0...1", arguments: 1...60)
  func bounds(trials: Int) throws {
    for successes in 0...trials {
      let estimate = try #require(IntervalEstimate(successes: successes, trials: trials))
      #expect(0 <= estimate.lower && estimate.lower <= estimate.value)
      #expect(estimate.value <= estimate.upper && estimate.upper <= 1)
      #expect(estimate.upper - estimate.lower > 0)
      let mirrored = try #require(
        IntervalEstimate(successes: trials - successes, trials: trials))
      #expect(isClose(estimate.lower, 1 - mirrored.upper, within: 1e-14))
    }
  }

  @Test("no trial has no proportion")
  func noTrial() { #expect(IntervalEstimate(successes: 0, trials: 0) == nil) }

  /// SciPy 1.17.1: t.interval(0.95, 4, loc=mean, scale=sem).
  @Test("the interval of a mean is SciPy's")
  func mean() throws {
    let estimate = try #require(IntervalEstimate(meanOf: [0.71, 0.74, 0.69, 0.77, 0.72]))
    #expect(isClose(estimate.value, 0.726, within: 1e-14))
    #expect(isClose(estimate.lower, 0.6881343371836054, within: 1e-13))
    #expect(isClose(estimate.upper, 0.7638656628163946, within: 1e-13))
  }

  @Test("equal values leave no width, a higher level leaves more")
  func width() throws {
    let equal = try #require(IntervalEstimate(meanOf: [0.5, 0.5, 0.5]))
    #expect(equal.lower == 0.5 && equal.upper == 0.5)
    let values = [0.1, 0.4, 0.2]
    let usual = try #require(IntervalEstimate(meanOf: values))
    let wide = try #require(IntervalEstimate(meanOf: values, level: 0.99))
    #expect(wide.lower < usual.lower && usual.upper < wide.upper)
    #expect(wide.level == 0.99)
  }

  @Test(
    "one run, none, or one that is not finite has no interval",
    arguments: [[], [0.3], [0.3, .nan], [0.3, .infinity, 0.2]] as [[Double]])
  func undefined(values: [Double]) { #expect(IntervalEstimate(meanOf: values) == nil) }
}
