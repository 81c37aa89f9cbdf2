extension ReferenceBackend {
  package func product(
    _ a: Tensor, transposed aTransposed: Bool, _ b: Tensor, transposed bTransposed: Bool,
    scale: Float
  ) -> Tensor {
    let rows = aTransposed ? a.columnCount : a.rowCount
    let columns = bTransposed ? b.rowCount : b.columnCount
    let result = Tensor(repeating: 0, shape: [rows, columns])
    accumulateProduct(
      a, transposed: aTransposed, b, transposed: bTransposed, scale: scale, into: result)
    return result
  }

  package func accumulateProduct(
    _ a: Tensor, transposed aTransposed: Bool, _ b: Tensor, transposed bTransposed: Bool,
    scale: Float, into sum: Tensor
  ) {
    let (rows, inner) =
      aTransposed ? (a.columnCount, a.rowCount) : (a.rowCount, a.columnCount)
    let (innerOfB, columns) =
      bTransposed ? (b.columnCount, b.rowCount) : (b.rowCount, b.columnCount)
    precondition(
      inner == innerOfB && sum.rowCount == rows && sum.columnCount == columns,
      "product: \(a.shape) (transposed: \(aTransposed)) times \(b.shape) "
        + "(transposed: \(bTransposed)) does not give \(sum.shape)")
    let (aRow, aInner) = aTransposed ? (1, a.columnCount) : (a.columnCount, 1)
    let (bInner, bColumn) = bTransposed ? (1, b.columnCount) : (b.columnCount, 1)
    for i in 0..<rows {
      for j in 0..<columns {
        var total = 0.0
        for k in 0..<inner {
          total +=
            Double(a[element: i * aRow + k * aInner])
            * Double(b[element: k * bInner + j * bColumn])
        }
        sum[i, j] += scale * Float(total)
      }
    }
  }
}
