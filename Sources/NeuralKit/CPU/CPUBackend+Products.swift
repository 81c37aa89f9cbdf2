import CKernels
import CLinearAlgebra

extension CPUBackend {
  package func product(
    _ a: Tensor, transposed aTransposed: Bool, _ b: Tensor, transposed bTransposed: Bool,
    scale: Float
  ) -> Tensor {
    let size = ProductSize(a, aTransposed, b, bTransposed)
    let result = Tensor(uninitialized: [size.m, size.n])
    multiply(a, aTransposed, b, bTransposed, size, scale: scale, keeping: 0, into: result)
    return result
  }

  package func accumulateProduct(
    _ a: Tensor, transposed aTransposed: Bool, _ b: Tensor, transposed bTransposed: Bool,
    scale: Float, into sum: Tensor
  ) {
    let size = ProductSize(a, aTransposed, b, bTransposed)
    precondition(
      sum.rowCount == size.m && sum.columnCount == size.n,
      "accumulateProduct: sum has shape \(sum.shape), needs \([size.m, size.n])")
    multiply(a, aTransposed, b, bTransposed, size, scale: scale, keeping: 1, into: sum)
  }

  package func nearestRows(_ queries: Tensor, in pool: Tensor) -> [Int32] {
    precondition(
      queries.columnCount == pool.columnCount && pool.rowCount > 0,
      "nearestRows: queries \(queries.shape) against pool \(pool.shape)")
    let count = queries.rowCount
    let pooled = pool.rowCount
    let width = queries.columnCount
    // Blocks of scores that stay in the second-level cache between product and search.
    let block = 512
    let queryBlock = 128
    let scores = Tensor(uninitialized: [min(queryBlock, count), min(block, pooled)])
    var best = [Float](repeating: -.infinity, count: count)
    var indices = [Int32](repeating: 0, count: count)
    for firstQuery in stride(from: 0, to: count, by: queryBlock) {
      let rows = min(queryBlock, count - firstQuery)
      for first in stride(from: 0, to: pooled, by: block) {
        let columns = min(block, pooled - first)
        multiplyRows(
          queries.pointer + firstQuery * width, pool.pointer + first * width, rows, columns, width,
          into: scores.pointer)
        best.withUnsafeMutableBufferPointer { best in
          indices.withUnsafeMutableBufferPointer { indices in
            guard let best = best.baseAddress, let indices = indices.baseAddress else { return }
            kernels.pointee.updateRowMaxima(
              best + firstQuery, indices + firstQuery, scores.pointer, Int32(first), rows, columns)
          }
        }
      }
    }
    return indices
  }

  private func multiplyRows(
    _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ rows: Int, _ columns: Int, _ width: Int,
    into result: UnsafeMutablePointer<Float>
  ) {
    cla_product(
      false, true, Int32(rows), Int32(columns), Int32(width), 1, a, Int32(width), b, Int32(width),
      0, result, Int32(columns))
  }

  private func multiply(
    _ a: Tensor, _ aTransposed: Bool, _ b: Tensor, _ bTransposed: Bool, _ size: ProductSize,
    scale: Float, keeping: Float, into result: Tensor
  ) {
    guard size.m > 0, size.n > 0 else { return }
    guard size.k > 0 else {
      if keeping == 0 { fillInPlace(result, 0) }
      return
    }
    cla_product(
      aTransposed, bTransposed, Int32(size.m), Int32(size.n), Int32(size.k), scale, a.pointer,
      Int32(a.columnCount), b.pointer, Int32(b.columnCount), keeping, result.pointer, Int32(size.n))
  }
}

/// The sizes of a product, `[m, k]` times `[k, n]`.
private struct ProductSize {
  let m: Int
  let n: Int
  let k: Int

  init(_ a: Tensor, _ aTransposed: Bool, _ b: Tensor, _ bTransposed: Bool) {
    m = aTransposed ? a.columnCount : a.rowCount
    k = aTransposed ? a.rowCount : a.columnCount
    n = bTransposed ? b.rowCount : b.columnCount
    let other = bTransposed ? b.columnCount : b.rowCount
    precondition(
      k == other,
      "product: \(a.shape)\(aTransposed ? " transposed" : "") times "
        + "\(b.shape)\(bTransposed ? " transposed" : "") does not fit")
  }
}
