/// Eigenvalues and eigenvectors of a small symmetric matrix, by Jacobi's rotations (Golub and Van
/// Loan, "Matrix Computations", 4th edition, section 8.5.3).
struct SymmetricEigenSystem {
  /// Sweeps over all pairs of axes; a handful is enough, convergence is quadratic.
  private static let maximumSweeps = 30

  /// Falling.
  let values: [Double]
  /// Eigenvectors of unit length, in the order of their values.
  let vectors: [[Double]]

  /// Solves the `size` x `size` matrix; O(size³).
  init(_ matrix: [Double], size: Int) {
    var rotation = JacobiRotation(matrix, size: size)
    for _ in 0..<Self.maximumSweeps where rotation.offDiagonalShare > 1e-30 {
      for p in 0..<size {
        for q in p + 1..<max(p + 1, size) { rotation.clear(p, q) }
      }
    }
    let diagonal = (0..<size).map { rotation.matrix[$0 * size + $0] }
    let order = diagonal.indices.sorted { diagonal[$0] > diagonal[$1] }
    values = order.map { diagonal[$0] }
    vectors = order.map { column in (0..<size).map { rotation.axes[$0 * size + column] } }
  }
}

/// A symmetric matrix on its way to a diagonal one, with the axes it has been turned to.
private struct JacobiRotation {
  private let size: Int
  private(set) var matrix: [Double]
  /// Column `i` is the axis that belongs to the diagonal element `i`.
  private(set) var axes: [Double]

  init(_ matrix: [Double], size: Int) {
    self.size = size
    self.matrix = matrix
    axes = (0..<size * size).map { $0 / size == $0 % size ? 1 : 0 }
  }

  /// The share of the squares that is not on the diagonal, in 0...1.
  var offDiagonalShare: Double {
    var (all, diagonal) = (0.0, 0.0)
    for (place, value) in matrix.enumerated() {
      all += value * value
      if place / size == place % size { diagonal += value * value }
    }
    return all > 0 ? (all - diagonal) / all : 0
  }

  /// Turns axes `p` and `q` so that their element becomes 0.
  mutating func clear(_ p: Int, _ q: Int) {
    let element = matrix[p * size + q]
    guard element != 0 else { return }
    let theta = (matrix[q * size + q] - matrix[p * size + p]) / (2 * element)
    // The smaller of the two angles, which is the one that converges.
    let sign = theta < 0 ? -1.0 : 1.0
    let tangent = sign / (abs(theta) + (theta * theta + 1).squareRoot())
    let cosine = 1 / (tangent * tangent + 1).squareRoot()
    let sine = tangent * cosine
    for row in 0..<size {
      Self.turn(&matrix, row * size + p, row * size + q, cosine, sine)
      Self.turn(&axes, row * size + p, row * size + q, cosine, sine)
    }
    for column in 0..<size {
      Self.turn(&matrix, p * size + column, q * size + column, cosine, sine)
    }
  }

  private static func turn(
    _ values: inout [Double], _ p: Int, _ q: Int, _ cosine: Double, _ sine: Double
  ) {
    let (first, second) = (values[p], values[q])
    values[p] = cosine * first - sine * second
    values[q] = sine * first + cosine * second
  }
}
