import CKernels
import CLinearAlgebra

extension CPUBackend {
  package func attention(
    query: ColumnSlice, key: ColumnSlice, value: ColumnSlice, batch: Int, heads: Int, causal: Bool
  ) -> (output: Tensor, probabilities: Tensor) {
    let shape = AttentionShape(query, key, value, batch: batch, heads: heads, causal: causal)
    let output = Tensor(uninitialized: [batch * shape.queries, heads * shape.width])
    let probabilities = Tensor(uninitialized: [batch, heads, shape.queries, shape.keys])
    if shape.queries == 1 {
      attendOnce(query, key, value, shape, output, probabilities)
      return (output, probabilities)
    }
    for item in 0..<batch {
      for head in 0..<heads {
        let q = query.block(shape, item, head, length: shape.queries)
        let k = key.block(shape, item, head, length: shape.keys)
        let v = value.block(shape, item, head, length: shape.keys)
        let p = Block(
          probabilities.pointer + (item * heads + head) * shape.queries * shape.keys, shape.keys)
        let o = ColumnSlice(output).block(shape, item, head, length: shape.queries)
        multiply(
          q, k, into: p, (shape.queries, shape.keys, shape.width), transposed: (false, true),
          scale: shape.scale)
        kernels.pointee.softmaxInPlace(
          p.start, causal, shape.queries, shape.queries, shape.keys)
        multiply(
          p, v, into: o, (shape.queries, shape.width, shape.keys), transposed: (false, false))
      }
    }
    return (output, probabilities)
  }

  package func attentionBackward(
    _ gradient: Tensor, probabilities: Tensor, query: ColumnSlice, key: ColumnSlice,
    value: ColumnSlice, batch: Int, heads: Int, queryGradient: ColumnSlice,
    keyGradient: ColumnSlice, valueGradient: ColumnSlice
  ) {
    let shape = AttentionShape(query, key, value, batch: batch, heads: heads, causal: false)
    gradient.require([batch * shape.queries, heads * shape.width], "gradient")
    probabilities.require([batch, heads, shape.queries, shape.keys], "probabilities")
    shape.require(queryGradient, like: query, "queryGradient")
    shape.require(keyGradient, like: key, "keyGradient")
    shape.require(valueGradient, like: value, "valueGradient")
    let scores = Tensor(uninitialized: [heads * shape.queries, shape.keys])
    let gradients = (query: queryGradient, key: keyGradient, value: valueGradient)
    if shape.queries == 1 {
      attendOnceBackward(
        gradient, probabilities, (query, key, value), scores, shape, gradients)
      return
    }
    for item in 0..<batch {
      for head in 0..<heads {
        let blocks = (
          query: query.block(shape, item, head, length: shape.queries),
          key: key.block(shape, item, head, length: shape.keys),
          value: value.block(shape, item, head, length: shape.keys)
        )
        let p = Block(
          probabilities.pointer + (item * heads + head) * shape.queries * shape.keys, shape.keys)
        let g = ColumnSlice(gradient).block(shape, item, head, length: shape.queries)
        headBackward(
          g, p, blocks, scores: Block(scores.pointer, shape.keys), shape,
          (
            query: gradients.query.block(shape, item, head, length: shape.queries),
            key: gradients.key.block(shape, item, head, length: shape.keys),
            value: gradients.value.block(shape, item, head, length: shape.keys)
          ))
      }
    }
  }

  private func attendOnce(
    _ query: ColumnSlice, _ key: ColumnSlice, _ value: ColumnSlice, _ shape: AttentionShape,
    _ output: Tensor, _ probabilities: Tensor
  ) {
    for item in 0..<shape.batch {
      let k = key.block(shape, item, 0, length: shape.keys)
      let v = value.block(shape, item, 0, length: shape.keys)
      kernels.pointee.attendOnce(
        output.pointer + item * output.columnCount,
        probabilities.pointer + item * shape.heads * shape.keys,
        query.block(shape, item, 0, length: 1).start, k.start, k.stride, v.start, v.stride,
        shape.scale, shape.keys, shape.heads, shape.width)
    }
  }

  private func attendOnceBackward(
    _ gradient: Tensor, _ probabilities: Tensor, _ inputs: Slices, _ scores: Tensor,
    _ shape: AttentionShape, _ gradients: Slices
  ) {
    for item in 0..<shape.batch {
      let k = inputs.key.block(shape, item, 0, length: shape.keys)
      let v = inputs.value.block(shape, item, 0, length: shape.keys)
      let kGradient = gradients.key.block(shape, item, 0, length: shape.keys)
      let vGradient = gradients.value.block(shape, item, 0, length: shape.keys)
      kernels.pointee.attendOnceBackward(
        gradients.query.block(shape, item, 0, length: 1).start, kGradient.start, kGradient.stride,
        vGradient.start, vGradient.stride, scores.pointer,
        gradient.pointer + item * gradient.columnCount,
        probabilities.pointer + item * shape.heads * shape.keys,
        inputs.query.block(shape, item, 0, length: 1).start, k.start, k.stride, v.start, v.stride,
        shape.scale, shape.keys, shape.heads, shape.width)
    }
  }

  private typealias Slices = (query: ColumnSlice, key: ColumnSlice, value: ColumnSlice)
  private typealias Blocks = (query: Block, key: Block, value: Block)

  private func headBackward(
    _ g: Block, _ p: Block, _ inputs: Blocks, scores: Block, _ shape: AttentionShape,
    _ gradients: Blocks
  ) {
    let (queries, keys, width) = (shape.queries, shape.keys, shape.width)
    multiply(p, g, into: gradients.value, (keys, width, queries), transposed: (true, false))
    multiply(g, inputs.value, into: scores, (queries, keys, width), transposed: (false, true))
    kernels.pointee.softmaxBackwardInPlace(scores.start, p.start, shape.scale, queries, keys)
    multiply(
      scores, inputs.key, into: gradients.query, (queries, width, keys), transposed: (false, false))
    multiply(
      scores, inputs.query, into: gradients.key, (keys, width, queries), transposed: (true, false))
  }

  private func multiply(
    _ a: Block, _ b: Block, into c: Block, _ size: (m: Int, n: Int, k: Int),
    transposed: (a: Bool, b: Bool), scale: Float = 1
  ) {
    cla_product(
      transposed.a, transposed.b, Int32(size.m), Int32(size.n), Int32(size.k), scale, a.start,
      Int32(a.stride), b.start, Int32(b.stride), 0, c.start, Int32(c.stride))
  }
}

/// One head of one item inside a matrix: where it starts, and how far apart its rows are.
private struct Block {
  let start: UnsafeMutablePointer<Float>
  let stride: Int

  init(_ start: UnsafeMutablePointer<Float>, _ stride: Int) {
    self.start = start
    self.stride = stride
  }
}

/// The checked sizes of an attention.
private struct AttentionShape {
  let batch: Int
  let heads: Int
  let queries: Int
  let keys: Int
  /// Of one head.
  let width: Int
  let scale: Float

  init(
    _ query: ColumnSlice, _ key: ColumnSlice, _ value: ColumnSlice, batch: Int, heads: Int,
    causal: Bool
  ) {
    let rows = (query.matrix.rowCount, key.matrix.rowCount, value.matrix.rowCount)
    precondition(
      batch > 0 && heads > 0 && query.width % heads == 0 && key.width == query.width
        && value.width == query.width && rows.0 % batch == 0 && rows.1 % batch == 0
        && rows.2 == rows.1 && rows.1 > 0,
      "attention: query \(query.matrix.shape), key \(key.matrix.shape), value "
        + "\(value.matrix.shape), widths \(query.width), \(key.width), \(value.width), "
        + "batch \(batch), heads \(heads)")
    self.batch = batch
    self.heads = heads
    queries = rows.0 / batch
    keys = rows.1 / batch
    width = query.width / heads
    scale = 1 / Float(width).squareRoot()
    precondition(
      !causal || queries == keys,
      "causal attention: query \(query.matrix.shape) and key \(key.matrix.shape) differ in length")
  }

  func require(_ slice: ColumnSlice, like other: ColumnSlice, _ role: String) {
    precondition(
      slice.matrix.rowCount == other.matrix.rowCount && slice.width == other.width,
      "attentionBackward: \(role) has shape \(slice.matrix.shape) and width \(slice.width), needs "
        + "\(other.matrix.rowCount) rows and width \(other.width)")
  }
}

extension ColumnSlice {
  fileprivate func block(_ shape: AttentionShape, _ item: Int, _ head: Int, length: Int) -> Block {
    let stride = matrix.columnCount
    return Block(
      matrix.pointer + item * length * stride + start + head * shape.width, stride)
  }
}
