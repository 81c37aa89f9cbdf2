import NeuralKit
import Testing

/// Seeded inputs, and comparison of two tensors.
struct CPUComparison {
  static let reference = ReferenceBackend()

  /// Every level of kernels that this processor runs.
  static var backends: [CPUBackend] { CPUBackend.Level.available.map { CPUBackend(level: $0) } }

  /// Normal numbers, the same for the same shape and stream.
  static func normal(_ shape: Int..., stream: UInt64 = 0, mean: Float = 0) -> Tensor {
    normal(shape, stream: stream, mean: mean)
  }

  static func normal(_ shape: [Int], stream: UInt64 = 0, mean: Float = 0) -> Tensor {
    let words = shape.reduce(UInt64(shape.count)) { $0 &* 1_000_003 &+ UInt64($1) }
    var generator = SeededGenerator(seed: 20_240_607, stream, words)
    return Tensor(generator.normals(shape.reduce(1, *)).map { $0 + mean }, shape: shape)
  }

  static func indices(_ count: Int, below bound: Int, stream: UInt64 = 0) -> [Int32] {
    var generator = SeededGenerator(seed: 7, stream, UInt64(count), UInt64(bound))
    return (0..<count).map { _ in Int32(generator.index(below: bound)) }
  }
}

/// Expects equal shapes, and no element further from the expected one than `tolerance` times the
/// largest expected magnitude (at least 1).
func expectClose(
  _ value: Tensor, _ expected: Tensor, tolerance: Float = 2e-6, _ comment: String = "",
  sourceLocation: SourceLocation = #_sourceLocation
) {
  guard value.shape == expected.shape else {
    Issue.record(
      "\(comment): shape \(value.shape), expected \(expected.shape)", sourceLocation: sourceLocation
    )
    return
  }
  let scale = expected.scalars.reduce(Float(1)) { max($0, abs($1)) }
  var worst: (index: Int, difference: Float) = (0, 0)
  for (index, (a, b)) in zip(value.scalars, expected.scalars).enumerated() {
    let difference = abs(a - b)
    // Written so that NaN counts as far.
    if !(difference <= worst.difference) { worst = (index, difference) }
    if difference.isNaN { break }
  }
  #expect(
    worst.difference <= tolerance * scale,
    """
    \(comment): element \(worst.index) of \(value.shape) is \(value.scalars[worst.index]), expected \
    \(expected.scalars[worst.index])
    """, sourceLocation: sourceLocation)
}
