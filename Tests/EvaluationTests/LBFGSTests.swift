import AuditEvaluation
import Foundation
import NeuralKit
import Testing

@Suite("Minimisation by L-BFGS")
struct LBFGSTests {
  @Test("Rosenbrock's valley is followed to its end", arguments: [2, 3, 10, 100])
  func rosenbrock(variables: Int) {
    let start = [Double](repeating: 0, count: variables)
    let solution = LBFGS().minimize(from: start, Self.rosenbrock)
    #expect(solution.outcome == .converged)
    #expect(solution.gradientMaximum <= 1e-6)
    #expect(largestDifference(solution.point, start.map { _ in 1 }) < 1e-5)
    #expect(solution.value < 1e-11)
  }

  @Test("a quadratic's minimum solves its linear equations", arguments: [1, 2, 7, 40])
  func quadratic(variables: Int) {
    // A tridiagonal matrix with a known solution of A x = b, eigenvalues up to 1 000 times apart.
    func product(_ x: [Double]) -> [Double] {
      x.indices.map { row in
        let (left, right) = (row > 0 ? x[row - 1] : 0, row + 1 < x.count ? x[row + 1] : 0)
        return (1 + 1000 * Double(row) / Double(variables)) * x[row] - 0.3 * (left + right)
      }
    }
    let expected = (0..<variables).map { sin(Double($0) + 1) }
    let right = product(expected)
    let start = [Double](repeating: 0, count: variables)
    var minimizer = LBFGS()
    minimizer.gradientTolerance = 1e-9
    let solution = minimizer.minimize(from: start) { x in
      let image = product(x)
      var value = 0.0
      for index in x.indices { value += x[index] * (image[index] / 2 - right[index]) }
      return .init(value: value, gradient: x.indices.map { image[$0] - right[$0] })
    }
    #expect(solution.outcome == .converged)
    #expect(largestDifference(solution.point, expected) < 1e-8)
  }

  @Test("iterations, evaluations and the last place are reported as they are")
  func report() {
    var asked = 0
    let solution = LBFGS().minimize(from: [-1.2, 1]) { x in
      asked += 1
      return Self.rosenbrock(x)
    }
    let there = Self.rosenbrock(solution.point)
    #expect(solution.outcome == .converged)
    #expect(solution.evaluations == asked)
    #expect(solution.iterations > 5 && solution.iterations < asked)
    #expect(solution.value == there.value)
    #expect(solution.gradientMaximum == there.gradient.map { abs($0) }.max())
  }

  @Test("more iterations never end higher, and the limit is reported")
  func limit() {
    var previous = Self.rosenbrock([-1.2, 1]).value
    for limit in [1, 2, 5, 10, 20] {
      var minimizer = LBFGS()
      minimizer.maximumIterations = limit
      let solution = minimizer.minimize(from: [-1.2, 1], Self.rosenbrock)
      #expect(solution.outcome == .iterationLimit && solution.iterations == limit)
      #expect(solution.value < previous)
      previous = solution.value
    }
  }

  @Test("at a minimum, or without variables, nothing is left to do")
  func nothingToDo() {
    let there = LBFGS().minimize(from: [1, 1], Self.rosenbrock)
    #expect(there.outcome == .converged && there.iterations == 0 && there.evaluations == 1)
    let empty = LBFGS().minimize(from: []) { _ in .init(value: 3, gradient: []) }
    #expect(empty.outcome == .converged && empty.value == 3)
  }

  @Test("a step past the edge of the domain is taken back")
  func domain() {
    // Where x - log x is almost straight, it promises steps that lead below 0.
    let solution = LBFGS().minimize(from: [20]) { x in
      guard x[0] > 0 else { return .init(value: .infinity, gradient: [.nan]) }
      return .init(value: 30 * (x[0] - log(x[0])), gradient: [30 * (1 - 1 / x[0])])
    }
    #expect(solution.outcome == .converged)
    #expect(isClose(solution.point[0], 1, within: 1e-6))
  }

  @Test("noise in the values does not keep the gradient from its tolerance")
  func noise() {
    // Values rounded to single precision, as those of a mean loss may be.
    let solution = LBFGS().minimize(from: [3, -2, 0.5]) { x in
      var (value, gradient) = (1.0, [0.0, 0.0, 0.0])
      for index in x.indices {
        let scale = [1.0, 20.0, 300.0][index]
        value += scale * (x[index] - 1) * (x[index] - 1) / 2
        gradient[index] = scale * (x[index] - 1)
      }
      return .init(value: Double(Float(value)), gradient: gradient)
    }
    #expect(solution.outcome == .converged)
  }

  @Test("a function without a minimum, or without a value, stalls")
  func stalls() {
    let falling = LBFGS().minimize(from: [0]) { .init(value: -$0[0], gradient: [-1]) }
    #expect(falling.outcome == .stalled)
    let missing = LBFGS().minimize(from: [0]) { _ in .init(value: .nan, gradient: [1]) }
    #expect(missing.outcome == .stalled && missing.evaluations == 1)
    let half = LBFGS().minimize(from: [0, 0]) { _ in .init(value: 1, gradient: [0, .nan]) }
    #expect(half.outcome == .stalled && half.gradientMaximum.isNaN)
    // A gradient with the wrong sign.
    let wrong = LBFGS().minimize(from: [1]) { .init(value: $0[0] * $0[0], gradient: [-$0[0]]) }
    #expect(wrong.outcome == .stalled && wrong.point == [1])
  }

  @Test("a longer memory needs fewer iterations on an ill-conditioned quadratic")
  func memory() {
    func iterations(_ memory: Int) -> Int {
      var minimizer = LBFGS()
      minimizer.memory = memory
      return minimizer.minimize(from: [Double](repeating: 1, count: 30)) { x in
        let scales = x.indices.map { pow(1.35, Double($0)) }
        var value = 0.0
        for index in x.indices { value += scales[index] * x[index] * x[index] / 2 }
        return .init(value: value, gradient: x.indices.map { scales[$0] * x[$0] })
      }.iterations
    }
    #expect(iterations(10) < iterations(1))
  }

  /// Σ 100 (x[i + 1] - x[i]²)² + (1 - x[i])² (Rosenbrock, 1960, in more variables).
  private static func rosenbrock(_ x: [Double]) -> LBFGS.Evaluation {
    var value = 0.0
    var gradient = [Double](repeating: 0, count: x.count)
    for index in 0..<x.count - 1 {
      let (bend, rest) = (x[index + 1] - x[index] * x[index], 1 - x[index])
      value += 100 * bend * bend + rest * rest
      gradient[index] -= 400 * bend * x[index] + 2 * rest
      gradient[index + 1] += 200 * bend
    }
    return .init(value: value, gradient: gradient)
  }
}
