import Foundation
import NeuralKit
import Testing

@Suite struct CPUNormalizationTests {
  static let shapes = [
    [1, 1], [3, 1], [1, 3], [17, 3], [5, 16], [64, 17], [333, 48], [70, 513], [19, 1030],
    [1025, 64],
  ]

  @Test(arguments: shapes) func columnMomentsEqualPlainLoops(shape: [Int]) {
    let x = CPUComparison.normal(shape, mean: 3)
    let expected = CPUComparison.reference.columnMoments(x)
    for backend in CPUComparison.backends {
      expectClose(backend.columnMoments(x), expected, "\(backend.level)")
    }
  }

  @Test func momentsSurviveALargeMean() {
    // The naive E[x²] - E[x]² has no correct digit left here.
    let x = CPUComparison.normal(5000, 19, mean: 3000)
    let expected = CPUComparison.reference.columnMoments(x)
    for backend in CPUComparison.backends {
      let moments = backend.columnMoments(x)
      for column in 0..<19 {
        let (value, right) = (moments.scalars[19 + column], expected.scalars[19 + column])
        #expect(abs(value - right) <= 1e-4 * right, "\(backend.level), column \(column)")
      }
    }
  }

  @Test func emptyBatchesHaveZeroMoments() {
    let x = Tensor(uninitialized: [0, 5])
    for backend in CPUComparison.backends {
      #expect(backend.columnMoments(x).scalars == [Float](repeating: 0, count: 10))
    }
  }

  @Test(arguments: shapes) func normalizedColumnsEqualPlainLoops(shape: [Int]) {
    let inputs = ColumnInputs(shape)
    for backend in CPUComparison.backends {
      for residual in [nil, inputs.residual] {
        for relu in [false, true] {
          let results = [backend as any Backend, CPUComparison.reference].map {
            $0.normalizeColumns(
              inputs.x, mean: inputs.mean, inverseDeviation: inputs.inverse, weight: inputs.weight,
              bias: inputs.bias, residual: residual, relu: relu)
          }
          expectClose(results[0], results[1], "\(backend.level) \(residual != nil) \(relu)")
        }
      }
    }
  }

  @Test(arguments: shapes) func gradientsThroughColumnsEqualPlainLoops(shape: [Int]) {
    let inputs = ColumnInputs(shape)
    for backend in CPUComparison.backends {
      for output in [nil, inputs.output] {
        let sums = [backend as any Backend, CPUComparison.reference].map {
          $0.normalizeColumnsBackwardSums(
            inputs.gradient, x: inputs.x, output: output, mean: inputs.mean,
            inverseDeviation: inputs.inverse)
        }
        expectClose(sums[0], sums[1], tolerance: 4e-6, "sums, \(backend.level) \(output != nil)")
        for needsResidual in [false, true] {
          let results = [backend as any Backend, CPUComparison.reference].map {
            $0.normalizeColumnsBackward(
              inputs.gradient, x: inputs.x, output: output, mean: inputs.mean,
              inverseDeviation: inputs.inverse, weight: inputs.weight, sums: sums[1],
              totalRows: 2 * shape[0], needsResidual: needsResidual)
          }
          expectClose(results[0].x, results[1].x, "\(backend.level) \(output != nil)")
          #expect((results[0].residual != nil) == needsResidual)
          if let residual = results[0].residual, let expected = results[1].residual {
            #expect(residual.scalars == expected.scalars)
          }
        }
      }
    }
  }

  @Test(arguments: shapes) func layerNormEqualsPlainLoops(shape: [Int]) {
    let x = CPUComparison.normal(shape, mean: 2)
    let weight = CPUComparison.normal(shape[1], stream: 1, mean: 1)
    let bias = CPUComparison.normal(shape[1], stream: 2)
    let gradient = CPUComparison.normal(shape, stream: 3)
    for backend in CPUComparison.backends {
      let results = [backend as any Backend, CPUComparison.reference].map { backend in
        let (output, statistics) = backend.layerNorm(x, weight: weight, bias: bias, epsilon: 1e-5)
        let weightGradient = CPUComparison.normal(shape[1], stream: 4)
        let biasGradient = CPUComparison.normal(shape[1], stream: 5)
        let xGradient = backend.layerNormBackward(
          gradient, x: x, statistics: statistics, weight: weight,
          accumulatingWeight: weightGradient, accumulatingBias: biasGradient)
        return [output, statistics, xGradient, weightGradient, biasGradient]
      }
      // With one column the deviation is the root of epsilon, and rounding is magnified by 300.
      let tolerance: Float = shape[1] < 4 ? 1e-3 : 5e-6
      for (index, (value, expected)) in zip(results[0], results[1]).enumerated() {
        expectClose(value, expected, tolerance: tolerance, "\(backend.level), result \(index)")
      }
    }
  }

  @Test(arguments: shapes) func unitRowsEqualPlainLoops(shape: [Int]) {
    let x = CPUComparison.normal(shape)
    x.withMutableElements { for c in 0..<shape[1] { $0[c] = 0 } }
    let gradient = CPUComparison.normal(shape, stream: 1)
    for backend in CPUComparison.backends {
      let (output, lengths) = backend.normalizeRows(x)
      let expected = CPUComparison.reference.normalizeRows(x)
      expectClose(output, expected.output, "\(backend.level)")
      expectClose(lengths, expected.lengths, "\(backend.level)")
      #expect(output.scalars.prefix(shape[1]).allSatisfy { $0 == 0 }, "a zero row stays zero")
      let xGradient = backend.normalizeRowsBackward(gradient, output: output, lengths: lengths)
      let expectedGradient = CPUComparison.reference.normalizeRowsBackward(
        gradient, output: expected.output, lengths: expected.lengths)
      expectClose(xGradient, expectedGradient, tolerance: 1e-5, "\(backend.level)")
    }
  }
}

/// What batch norm's operations read.
private struct ColumnInputs {
  let x: Tensor
  let gradient: Tensor
  let residual: Tensor
  let mean: Tensor
  let inverse: Tensor
  let weight: Tensor
  let bias: Tensor
  /// The result behind a ReLU, about half of it zero.
  let output: Tensor

  init(_ shape: [Int]) {
    x = CPUComparison.normal(shape, mean: 1)
    gradient = CPUComparison.normal(shape, stream: 1)
    residual = CPUComparison.normal(shape, stream: 2)
    mean = CPUComparison.normal(shape[1], stream: 3, mean: 1)
    let deviations = CPUComparison.normal(shape[1], stream: 4)
    inverse = Tensor(deviations.scalars.map { 1 / (abs($0) + 0.5) }, shape: [shape[1]])
    weight = CPUComparison.normal(shape[1], stream: 5)
    bias = CPUComparison.normal(shape[1], stream: 6)
    output = Tensor(CPUComparison.normal(shape, stream: 7).scalars.map { max(0, $0) }, shape: shape)
  }
}
