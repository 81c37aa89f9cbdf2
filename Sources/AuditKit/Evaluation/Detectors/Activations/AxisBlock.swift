/// A few directions in the space of embeddings, one after the other.
struct AxisBlock {
  /// Components of each axis, `D`.
  let width: Int
  /// `[count, width]`.
  private(set) var values: [Double]

  init(_ values: [Double], width: Int) {
    self.values = values
    self.width = width
  }

  var count: Int { values.count / width }

  /// <row `a` of this block, row `b` of the other>.
  func dot(_ a: Int, _ other: AxisBlock, _ b: Int) -> Double {
    var sum = 0.0
    for column in 0..<width {
      sum += values[a * width + column] * other.values[b * width + column]
    }
    return sum
  }

  /// The axes made orthogonal to each other and of unit length (modified Gram and Schmidt, twice:
  /// once loses orthogonality where axes are nearly parallel).
  ///
  /// An axis that the ones before it span up to rounding is left out.
  func orthonormalized() -> AxisBlock {
    var kept = AxisBlock([], width: width)
    for row in 0..<count {
      var axis = AxisBlock(Array(values[row * width..<(row + 1) * width]), width: width)
      let length = axis.dot(0, axis, 0).squareRoot()
      for _ in 0..<2 {
        for earlier in 0..<kept.count {
          axis.subtract(kept.dot(earlier, axis, 0), of: kept, earlier)
        }
      }
      let remaining = axis.dot(0, axis, 0).squareRoot()
      guard remaining > 1e-6 * length else { continue }
      kept.values.append(contentsOf: axis.values.map { $0 / remaining })
    }
    return kept
  }

  /// Linear combinations of the axes, one for each list of coefficients.
  func combined(_ coefficients: [[Double]]) -> AxisBlock {
    var sums: [Double] = []
    for list in coefficients {
      var sum = AxisBlock([Double](repeating: 0, count: width), width: width)
      for (row, coefficient) in list.enumerated() { sum.subtract(-coefficient, of: self, row) }
      sums += sum.values
    }
    return AxisBlock(sums, width: width)
  }

  /// Takes `factor` times row `row` of another block from the one axis of this block.
  private mutating func subtract(_ factor: Double, of other: AxisBlock, _ row: Int) {
    for column in 0..<width { values[column] -= factor * other.values[row * width + column] }
  }
}
