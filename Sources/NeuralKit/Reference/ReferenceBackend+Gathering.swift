extension ReferenceBackend {
  package func gatherRows(_ table: Tensor, _ indices: [Int32]) -> Tensor {
    let result = Tensor(uninitialized: [indices.count, table.columnCount])
    for (row, index) in indices.enumerated() {
      precondition(
        (0..<table.rowCount).contains(Int(index)),
        "gatherRows: row \(index) does not lie in \(table.shape)")
      for c in 0..<table.columnCount { result[row, c] = table[Int(index), c] }
    }
    return result
  }

  package func accumulateRows(_ x: Tensor, _ indices: [Int32], into sum: Tensor) {
    precondition(
      x.rowCount == indices.count && x.columnCount == sum.columnCount,
      "accumulateRows: \(x.shape) with \(indices.count) indices into \(sum.shape)")
    for (row, index) in indices.enumerated() {
      precondition(
        (0..<sum.rowCount).contains(Int(index)),
        "accumulateRows: row \(index) does not lie in \(sum.shape)")
      for c in 0..<x.columnCount { sum[Int(index), c] += x[row, c] }
    }
  }

  package func concatenatePositions(_ a: Tensor, _ b: Tensor) -> Tensor {
    precondition(
      a.shape.count == 3 && b.shape.count == 3 && a.shape[2] == b.shape[2]
        && (a.shape[0] == b.shape[0] || a.shape[0] == 1),
      "concatenatePositions: \(a.shape) and \(b.shape) do not agree")
    let (items, first, second) = (b.shape[0], a.shape[1], b.shape[1])
    let result = Tensor(uninitialized: [items, first + second, b.shape[2]])
    for item in 0..<items {
      for position in 0..<first + second {
        let row = item * (first + second) + position
        for c in 0..<b.shape[2] {
          result[row, c] =
            position < first
            ? a[(a.shape[0] == 1 ? 0 : item) * first + position, c]
            : b[item * second + position - first, c]
        }
      }
    }
    return result
  }

  package func positions(_ x: Tensor, _ range: Range<Int>) -> Tensor {
    precondition(
      x.shape.count == 3 && range.lowerBound >= 0 && range.upperBound <= x.shape[1],
      "positions: \(range) do not lie in \(x.shape)")
    let result = Tensor(uninitialized: [x.shape[0], range.count, x.shape[2]])
    for item in 0..<x.shape[0] {
      for (new, old) in range.enumerated() {
        for c in 0..<x.shape[2] {
          result[item * range.count + new, c] = x[item * x.shape[1] + old, c]
        }
      }
    }
    return result
  }
}
