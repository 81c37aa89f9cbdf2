import NeuralKit

/// Rows in the coordinates of the axes along which they vary most, not scaled to equal variance.
///
/// The axes are the leading right singular vectors of the centred rows, found by subspace iteration
/// with Rayleigh and Ritz's choice of axes (Golub and Van Loan, "Matrix Computations", 4th edition,
/// section 8.2.4) on the rows themselves: a class has often fewer rows than embeddings have
/// components, and its covariance `[D, D]` would cost more than everything else.
package struct PrincipalComponents: Sendable {
  /// Axes beyond the ones asked for; the more, the faster the iteration converges.
  private static let spareCount = 10
  /// Products with the covariance between two looks at the axes.
  private static let stepsPerRound = 8
  private static let maximumRounds = 25
  /// Of an axis' eigenvalue equation, as a share of the greatest eigenvalue; single precision gives
  /// no less than 1e-6.
  private static let tolerance = 1e-5

  /// Axes found: fewer than asked for where the rows vary along fewer.
  package let count: Int
  /// `[N, count]`: the rows' coordinates, largest variance first; the sign of an axis is arbitrary.
  package let coordinates: [Double]
  /// `[count]`: mean square of each coordinate.
  package let variances: [Double]

  /// The first `count` components of `rows` `[N, D]` of unit length.
  ///
  /// Rows that differ only by the rounding of single precision have none. The iteration starts from
  /// random combinations of the rows; it ends, up to rounding, at the same axes whatever they are.
  ///
  /// Complexity: O(N D `count`) a step, at most 200 steps.
  package init(
    of rows: Tensor, count: Int, using generator: inout SeededGenerator, _ backend: any Backend
  ) {
    let centered = CenteredRows(rows, backend)
    let size = min(count + Self.spareCount, rows.rowCount, rows.columnCount)
    guard count > 0, centered.meanSquare > 1e-12 else {
      (self.count, coordinates, variances) = (0, [], [])
      return
    }
    let start = Tensor(generator.normals(rows.rowCount * size), shape: [rows.rowCount, size])
    var axes = centered.combined(start).orthonormalized()
    var variances: [Double] = []
    for round in 1...Self.maximumRounds {
      for _ in 1..<Self.stepsPerRound { axes = centered.spread(axes).orthonormalized() }
      let image = centered.spread(axes)
      let ritz = Self.ritz(axes, image)
      axes = axes.combined(ritz.vectors)
      variances = ritz.values
      let turned = image.combined(ritz.vectors)
      if Self.residual(axes, turned, ritz.values, count) < Self.tolerance { break }
      if round < Self.maximumRounds { axes = turned.orthonormalized() }
    }
    // What is left of directions in which the rows do not vary is rounding.
    let greatest = variances.first ?? 0
    let found = variances.prefix(count).count { $0 > 1e-10 * greatest }
    self.count = found
    self.variances = variances.prefix(found).map { $0 / Double(rows.rowCount) }
    coordinates = centered.coordinates(axes, found)
  }

  /// The eigenvalues and eigenvectors of the covariance within the space of the axes.
  private static func ritz(_ axes: AxisBlock, _ image: AxisBlock) -> SymmetricEigenSystem {
    let size = axes.count
    var matrix = [Double](repeating: 0, count: size * size)
    for row in 0..<size {
      for column in 0..<size {
        matrix[row * size + column] =
          (axes.dot(row, image, column) + axes.dot(column, image, row)) / 2
      }
    }
    return SymmetricEigenSystem(matrix, size: size)
  }

  /// The greatest length of C v - λ v among the first `count` axes v, in units of the greatest λ.
  private static func residual(
    _ axes: AxisBlock, _ image: AxisBlock, _ values: [Double], _ count: Int
  ) -> Double {
    var greatest = 0.0
    for axis in 0..<min(count, axes.count) {
      var square = 0.0
      for column in 0..<axes.width {
        let place = axis * axes.width + column
        let difference = image.values[place] - values[axis] * axes.values[place]
        square += difference * difference
      }
      greatest = max(greatest, square.squareRoot())
    }
    return greatest / (values.first ?? 1)
  }
}

/// Rows with their mean taken off.
private struct CenteredRows {
  /// `[N, D]`.
  private let rows: Tensor
  private let backend: any Backend
  /// Mean squared length of a row.
  let meanSquare: Double

  init(_ rows: Tensor, _ backend: any Backend) {
    let (count, width) = (rows.rowCount, rows.columnCount)
    var values = rows.scalars
    var mean = [Double](repeating: 0, count: width)
    for row in 0..<count {
      for column in 0..<width { mean[column] += Double(values[row * width + column]) }
    }
    var sum = 0.0
    for row in 0..<count {
      for column in 0..<width {
        let place = row * width + column
        let value = Double(values[place]) - mean[column] / Double(count)
        values[place] = Float(value)
        sum += value * value
      }
    }
    self.rows = Tensor(values, shape: [count, width])
    self.backend = backend
    meanSquare = sum / Double(max(1, count))
  }

  /// Combinations of the rows with the columns of `weights` `[N, count]`.
  func combined(_ weights: Tensor) -> AxisBlock {
    let product = backend.product(weights, transposed: true, rows, transposed: false, scale: 1)
    return AxisBlock(product.scalars.map { Double($0) }, width: rows.columnCount)
  }

  /// The axes multiplied by the rows' matrix of squares and products, N times their covariance.
  func spread(_ axes: AxisBlock) -> AxisBlock { combined(projected(axes, axes.count)) }

  /// `[N, count]`: the rows along the first `count` axes.
  func coordinates(_ axes: AxisBlock, _ count: Int) -> [Double] {
    projected(axes, count).scalars.map { Double($0) }
  }

  private func projected(_ axes: AxisBlock, _ count: Int) -> Tensor {
    let values = axes.values.prefix(count * axes.width).map { Float($0) }
    let block = Tensor(values, shape: [count, axes.width])
    return backend.product(rows, transposed: false, block, transposed: true, scale: 1)
  }
}
