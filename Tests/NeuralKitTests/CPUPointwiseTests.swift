import Foundation
import NeuralKit
import Testing

@Suite struct CPUPointwiseTests {
  static let shapes = [[1, 1], [3, 1], [17, 3], [5, 16], [70, 17], [33, 520], [700, 48]]
  static let activations: [Activation] = [.identity, .relu, .gelu, .quickGELU]

  @Test(arguments: shapes) func activationsEqualPlainLoops(shape: [Int]) {
    let x = CPUComparison.normal(shape)
    x.withMutableElements { for i in $0.indices { $0[i] *= 3 } }
    let gradient = CPUComparison.normal(shape, stream: 1)
    for backend in CPUComparison.backends {
      for activation in Self.activations {
        for bias in [nil, CPUComparison.normal(shape[1], stream: 2)] {
          let comment = "\(backend.level) \(activation) \(bias != nil)"
          let (output, input) = backend.activate(x, bias: bias, activation)
          let expected = CPUComparison.reference.activate(x, bias: bias, activation)
          expectClose(output, expected.output, tolerance: 1e-6, comment)
          for sum in [nil, CPUComparison.normal(shape[1], stream: 3)] {
            let expectedSum = sum?.copied()
            let xGradient = backend.activateBackward(
              gradient, input: input, activation, accumulatingBias: sum)
            let expectedGradient = CPUComparison.reference.activateBackward(
              gradient, input: expected.input, activation, accumulatingBias: expectedSum)
            expectClose(xGradient, expectedGradient, tolerance: 1e-6, comment)
            if let sum, let expectedSum { expectClose(sum, expectedSum, comment) }
          }
        }
      }
    }
  }

  @Test(arguments: [Activation.gelu, .quickGELU])
  func activationsAreExactOverTheWholeRange(activation: Activation) {
    let count = 40_001
    let x = Tensor((0..<count).map { Float($0 - 20_000) * 1e-3 }, shape: [count])
    let ones = Tensor(repeating: 1, shape: [count])
    let expected = CPUComparison.reference.activate(x, bias: nil, activation)
    let expectedSlope = CPUComparison.reference.activateBackward(
      ones, input: x, activation, accumulatingBias: nil)
    for backend in CPUComparison.backends {
      let (output, input) = backend.activate(x, bias: nil, activation)
      let slope = backend.activateBackward(ones, input: input, activation, accumulatingBias: nil)
      for i in 0..<count {
        let (value, right) = (output.scalars[i], expected.output.scalars[i])
        let error = abs(value - right)
        if !(error <= 1e-6 * max(1, abs(right))) { Issue.record("\(x.scalars[i]): \(value)") }
      }
      expectClose(slope, expectedSlope, tolerance: 1e-6, "\(backend.level)")
    }
  }

  @Test func activationsOfInfinitiesAreTheirLimits() {
    let x = Tensor([-.infinity, -200, 200], shape: [3])
    for backend in CPUComparison.backends {
      let quick = backend.activate(x, bias: nil, .quickGELU).output.scalars
      #expect(abs(quick[1]) < 1e-30 && quick[2] == 200, "\(backend.level)")
      let exact = backend.activate(x, bias: nil, .gelu).output.scalars
      #expect(exact[1] == 0 && exact[2] == 200, "\(backend.level)")
    }
  }

  @Test func whatIsNotANumberStaysVisible() {
    // A diverging run must show in its loss, not vanish in a comparison.
    let x = Tensor([Float](repeating: 1, count: 19) + [.nan], shape: [1, 20])
    let ones = Tensor(repeating: 1, shape: [20])
    for backend in CPUComparison.backends {
      for activation in Self.activations {
        let output = backend.activate(x, bias: nil, activation).output
        #expect(output.scalars[19].isNaN, "\(backend.level) \(activation)")
      }
      let normal = backend.normalizeColumns(
        x, mean: ones, inverseDeviation: ones, weight: ones, bias: ones, residual: nil, relu: true)
      #expect(normal.scalars[19].isNaN, "\(backend.level)")
      let (losses, _) = backend.crossEntropy(x, targets: [0], gradientScale: 1)
      #expect(losses.scalars[0].isNaN, "\(backend.level)")
      #expect(backend.total(x).isNaN, "\(backend.level)")
    }
  }

  @Test(arguments: shapes) func sumsEqualPlainLoops(shape: [Int]) {
    let a = CPUComparison.normal(shape)
    let b = CPUComparison.normal(shape, stream: 1)
    let row = CPUComparison.normal(1, shape[1], stream: 2)
    for backend in CPUComparison.backends {
      for other in [b, row] {
        expectClose(
          backend.add(a, other), CPUComparison.reference.add(a, other), tolerance: 0,
          "\(backend.level)")
        let (sum, expected) = (other.copied(), other.copied())
        backend.accumulate(a, scale: 0.25, into: sum)
        CPUComparison.reference.accumulate(a, scale: 0.25, into: expected)
        expectClose(sum, expected, tolerance: 4e-6, "\(backend.level)")
      }
    }
  }

  @Test func positionsOfASequenceRepeatInSums() {
    let x = CPUComparison.normal(3 * 5, 7)
    let positions = CPUComparison.normal(5, 7, stream: 1)
    for backend in CPUComparison.backends {
      expectClose(
        backend.add(x, positions), CPUComparison.reference.add(x, positions), tolerance: 0)
      let (sum, expected) = (positions.copied(), positions.copied())
      backend.accumulate(x, scale: 2, into: sum)
      CPUComparison.reference.accumulate(x, scale: 2, into: expected)
      expectClose(sum, expected)
    }
  }

  @Test(arguments: [1, 3, 15, 16, 17, 31, 33, 1000]) func fillsEveryElementAndNoOther(count: Int) {
    for backend in CPUComparison.backends {
      let x = Tensor(repeating: 1, shape: [count + 2])
      backend.fillInPlace(Tensor(shape: [count], storage: x.storage, offset: 1), 5)
      #expect(x.scalars == [1] + [Float](repeating: 5, count: count) + [1], "\(backend.level)")
    }
  }

  @Test(arguments: [1, 3, 17, 1000]) func totalsEqualPlainLoops(count: Int) {
    let x = CPUComparison.normal(count)
    let y = CPUComparison.normal(count, stream: 1)
    let reference = CPUComparison.reference
    for backend in CPUComparison.backends {
      #expect(abs(backend.total(x) - reference.total(x)) < 1e-10)
      #expect(abs(backend.innerProduct(x, y) - reference.innerProduct(x, y)) < 1e-10)
    }
  }

  @Test func totalsAreOfDoublePrecision() {
    // Float sums stop growing at 2^24.
    let x = Tensor(repeating: 1, shape: [20_000_003])
    for backend in CPUComparison.backends { #expect(backend.total(x) == 20_000_003) }
  }
}
