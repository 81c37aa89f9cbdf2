import Foundation

extension Activation {
  /// The function's value at `x`.
  func value(_ x: Double) -> Double {
    switch self {
    case .identity: x
    case .relu: max(0, x)
    case .gelu: x * Self.normalDistribution(x)
    case .quickGELU: x / (1 + exp(-1.702 * x))
    }
  }

  /// The function's derivative at `x`.
  func slope(_ x: Double) -> Double {
    switch self {
    case .identity: return 1
    case .relu: return x > 0 ? 1 : 0
    case .gelu:
      return Self.normalDistribution(x) + x * exp(-x * x / 2) / (2 * Double.pi).squareRoot()
    case .quickGELU:
      let sigmoid = 1 / (1 + exp(-1.702 * x))
      return sigmoid * (1 + 1.702 * x * (1 - sigmoid))
    }
  }

  /// Φ, the distribution function of the standard normal distribution.
  private static func normalDistribution(_ x: Double) -> Double {
    0.5 * erfc(-x / 2.0.squareRoot())
  }
}

extension ReferenceBackend {
  package func activate(
    _ x: Tensor, bias: Tensor?, _ activation: Activation
  ) -> (output: Tensor, input: Tensor) {
    if let bias { requireColumns(bias, x.columnCount, "activate") }
    let input = Tensor(uninitialized: x.shape)
    let output = Tensor(uninitialized: x.shape)
    for r in 0..<x.rowCount {
      for c in 0..<x.columnCount {
        input[r, c] = x[r, c] + (bias.map { $0[element: c] } ?? 0)
        output[r, c] = Float(activation.value(Double(input[r, c])))
      }
    }
    return (output, input)
  }

  package func activateBackward(
    _ gradient: Tensor, input: Tensor, _ activation: Activation,
    accumulatingBias biasGradient: Tensor?
  ) -> Tensor {
    requireEqual(gradient.shape, input.shape, "activateBackward")
    if let biasGradient { requireColumns(biasGradient, input.columnCount, "activateBackward") }
    let result = Tensor(uninitialized: input.shape)
    var sums = [Double](repeating: 0, count: input.columnCount)
    for r in 0..<input.rowCount {
      for c in 0..<input.columnCount {
        result[r, c] = gradient[r, c] * Float(activation.slope(Double(input[r, c])))
        sums[c] += Double(result[r, c])
      }
    }
    if let biasGradient {
      for (c, sum) in sums.enumerated() { biasGradient[element: c] += Float(sum) }
    }
    return result
  }

  package func add(_ a: Tensor, _ b: Tensor) -> Tensor {
    precondition(
      a.columnCount == b.columnCount && a.rowCount % max(1, b.rowCount) == 0
        && (b.rowCount > 0 || a.rowCount == 0),
      "add: shapes \(a.shape) and \(b.shape) do not agree")
    let result = Tensor(uninitialized: a.shape)
    for i in 0..<a.count { result[element: i] = a[element: i] + b[element: i % b.count] }
    return result
  }

  package func accumulate(_ x: Tensor, scale: Float, into sum: Tensor) {
    precondition(
      x.columnCount == sum.columnCount && sum.rowCount > 0 && x.rowCount % sum.rowCount == 0,
      "accumulate: shapes \(x.shape) and \(sum.shape) do not agree")
    for i in 0..<x.count { sum[element: i % sum.count] += scale * x[element: i] }
  }

  package func fillInPlace(_ x: Tensor, _ value: Float) {
    for i in 0..<x.count { x[element: i] = value }
  }
}
