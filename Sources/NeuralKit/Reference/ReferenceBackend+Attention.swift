import Foundation

/// Sizes of one attention and access to the rows of its heads.
private struct AttentionShape {
  let batch: Int, heads: Int, headWidth: Int, queryLength: Int, keyLength: Int
  let causal: Bool
  /// `1 / √(width of a head)`.
  let scale: Float

  init(
    query: ColumnSlice, key: ColumnSlice, value: ColumnSlice, batch: Int, heads: Int, causal: Bool
  ) {
    let (queryRows, keyRows) = (query.matrix.rowCount, key.matrix.rowCount)
    precondition(
      heads > 0 && query.width % heads == 0 && key.width == query.width
        && value.width == query.width && value.matrix.rowCount == keyRows
        && queryRows % max(1, batch) == 0 && keyRows % max(1, batch) == 0,
      "attention: queries \(query.matrix.shape) and keys \(key.matrix.shape) do not make "
        + "\(heads) heads of \(batch) items")
    (self.batch, self.heads, self.causal) = (batch, heads, causal)
    headWidth = query.width / heads
    queryLength = batch == 0 ? 0 : queryRows / batch
    keyLength = batch == 0 ? 0 : keyRows / batch
    precondition(!causal || queryLength == keyLength, "attention: causal with unequal lengths")
    scale = 1 / Float(headWidth).squareRoot()
  }

  /// The keys that the query at `position` may see.
  func visible(from position: Int) -> Range<Int> { 0..<(causal ? position + 1 : keyLength) }

  func forEachQuery(_ body: (_ item: Int, _ head: Int, _ position: Int) -> Void) {
    for item in 0..<batch {
      for head in 0..<heads {
        for position in 0..<queryLength { body(item, head, position) }
      }
    }
  }
}

extension ColumnSlice {
  /// The first of the columns of one head in one row.
  fileprivate func head(_ head: Int, row: Int, width: Int) -> UnsafeMutablePointer<Float> {
    matrix.pointer + row * matrix.columnCount + start + head * width
  }
}

extension ReferenceBackend {
  package func attention(
    query: ColumnSlice, key: ColumnSlice, value: ColumnSlice, batch: Int, heads: Int,
    causal: Bool
  ) -> (output: Tensor, probabilities: Tensor) {
    let shape = AttentionShape(
      query: query, key: key, value: value, batch: batch, heads: heads, causal: causal)
    let width = shape.headWidth
    let output = Tensor(repeating: 0, shape: [batch * shape.queryLength, query.width])
    let probabilities = Tensor(
      repeating: 0, shape: [batch, heads, shape.queryLength, shape.keyLength])
    shape.forEachQuery { item, head, position in
      let row = item * shape.queryLength + position
      let q = query.head(head, row: row, width: width)
      let visible = shape.visible(from: position)
      let scores = visible.map { other in
        let k = key.head(head, row: item * shape.keyLength + other, width: width)
        return Double(shape.scale) * (0..<width).reduce(0.0) { $0 + Double(q[$1]) * Double(k[$1]) }
      }
      let largest = scores.max() ?? 0
      let weights = scores.map { exp($0 - largest) }
      let total = weights.reduce(0, +)
      let first = ((item * heads + head) * shape.queryLength + position) * shape.keyLength
      for other in visible {
        let probability = Float(weights[other] / total)
        probabilities[element: first + other] = probability
        let v = value.head(head, row: item * shape.keyLength + other, width: width)
        for d in 0..<width { output[row, head * width + d] += probability * v[d] }
      }
    }
    return (output, probabilities)
  }

  package func attentionBackward(
    _ gradient: Tensor, probabilities: Tensor, query: ColumnSlice, key: ColumnSlice,
    value: ColumnSlice, batch: Int, heads: Int, queryGradient: ColumnSlice,
    keyGradient: ColumnSlice, valueGradient: ColumnSlice
  ) {
    let shape = AttentionShape(
      query: query, key: key, value: value, batch: batch, heads: heads, causal: false)
    let width = shape.headWidth
    for slice in [queryGradient, keyGradient, valueGradient] {
      for row in 0..<slice.matrix.rowCount {
        slice.head(0, row: row, width: width).update(repeating: 0, count: slice.width)
      }
    }
    shape.forEachQuery { item, head, position in
      let row = item * shape.queryLength + position
      let slope = gradient.pointer + row * query.width + head * width
      let q = query.head(head, row: row, width: width)
      let dq = queryGradient.head(head, row: row, width: width)
      let first = ((item * heads + head) * shape.queryLength + position) * shape.keyLength
      let p = (0..<shape.keyLength).map { Double(probabilities[element: first + $0]) }
      // dP = dO · Vᵀ, and dS = P ∘ (dP - Σ P ∘ dP), the Jacobian of softmax. Hidden keys have P = 0.
      let dp = (0..<shape.keyLength).map { other in
        let v = value.head(head, row: item * shape.keyLength + other, width: width)
        return (0..<width).reduce(0.0) { $0 + Double(slope[$1]) * Double(v[$1]) }
      }
      let mean = zip(p, dp).reduce(0) { $0 + $1.0 * $1.1 }
      for other in 0..<shape.keyLength {
        let keyRow = item * shape.keyLength + other
        let ds = Float(p[other] * (dp[other] - mean)) * shape.scale
        let k = key.head(head, row: keyRow, width: width)
        let dk = keyGradient.head(head, row: keyRow, width: width)
        let dv = valueGradient.head(head, row: keyRow, width: width)
        for d in 0..<width {
          dq[d] += ds * k[d]
          dk[d] += ds * q[d]
          dv[d] += Float(p[other]) * slope[d]
        }
      }
    }
  }
}
