import CKernels

extension CPUBackend {
  package func averagePool(_ x: Tensor, size: Int) -> Tensor {
    x.require(axes: 4, "x")
    precondition(size > 0, "averagePool: windows of \(size) pixels over \(x.shape)")
    let output = Tensor(
      uninitialized: [x.shape[0], x.shape[1] / size, x.shape[2] / size, x.shape[3]])
    kernels.pointee.averagePool(
      output.pointer, x.pointer, x.shape[0], x.shape[1], x.shape[2], x.shape[3], size)
    return output
  }

  package func averagePoolBackward(_ gradient: Tensor, size: Int, inputShape: [Int]) -> Tensor {
    precondition(
      inputShape.count == 4 && size > 0, "averagePoolBackward: shape \(inputShape), size \(size)")
    gradient.require(
      [inputShape[0], inputShape[1] / size, inputShape[2] / size, inputShape[3]], "gradient")
    let xGradient = Tensor(uninitialized: inputShape)
    kernels.pointee.averagePoolBackward(
      xGradient.pointer, gradient.pointer, inputShape[0], inputShape[1], inputShape[2],
      inputShape[3], size)
    return xGradient
  }

  package func meanOverPositions(_ x: Tensor) -> Tensor {
    x.require(axes: 3, "x")
    let output = Tensor(uninitialized: [x.shape[0], x.shape[2]])
    kernels.pointee.meanOverPositions(
      output.pointer, x.pointer, x.shape[0], x.shape[1], x.shape[2])
    return output
  }

  package func meanOverPositionsBackward(_ gradient: Tensor, length: Int) -> Tensor {
    gradient.require(axes: 2, "gradient")
    let xGradient = Tensor(uninitialized: [gradient.shape[0], length, gradient.shape[1]])
    kernels.pointee.meanOverPositionsBackward(
      xGradient.pointer, gradient.pointer, gradient.shape[0], length, gradient.shape[1])
    return xGradient
  }

  package func gatherRows(_ table: Tensor, _ indices: [Int32]) -> Tensor {
    require(indices, below: table.rowCount)
    let output = Tensor(uninitialized: [indices.count, table.columnCount])
    kernels.pointee.gatherRows(
      output.pointer, table.pointer, indices, indices.count, table.columnCount)
    return output
  }

  package func accumulateRows(_ x: Tensor, _ indices: [Int32], into sum: Tensor) {
    require(indices, below: sum.rowCount)
    precondition(
      x.rowCount == indices.count && x.columnCount == sum.columnCount,
      "accumulateRows: \(x.shape) with \(indices.count) indices into \(sum.shape)")
    kernels.pointee.accumulateRows(
      sum.pointer, x.pointer, indices, indices.count, sum.columnCount)
  }

  package func concatenatePositions(_ a: Tensor, _ b: Tensor) -> Tensor {
    precondition(
      a.shape.count == 3 && b.shape.count == 3 && a.shape[2] == b.shape[2]
        && (a.shape[0] == b.shape[0] || a.shape[0] == 1),
      "concatenatePositions: \(a.shape) and \(b.shape)")
    let (items, width) = (b.shape[0], b.shape[2])
    let first = a.shape[1] * width
    let second = b.shape[1] * width
    let output = Tensor(uninitialized: [items, a.shape[1] + b.shape[1], width])
    for item in 0..<items {
      let target = output.pointer + item * (first + second)
      target.update(from: a.pointer + (a.shape[0] == 1 ? 0 : item * first), count: first)
      (target + first).update(from: b.pointer + item * second, count: second)
    }
    return output
  }

  package func positions(_ x: Tensor, _ range: Range<Int>) -> Tensor {
    x.require(axes: 3, "x")
    let (items, length, width) = (x.shape[0], x.shape[1], x.shape[2])
    precondition(
      range.lowerBound >= 0 && range.upperBound <= length,
      "positions: \(range) does not lie in \(x.shape)")
    let output = Tensor(uninitialized: [items, range.count, width])
    for item in 0..<items {
      (output.pointer + item * range.count * width).update(
        from: x.pointer + (item * length + range.lowerBound) * width, count: range.count * width)
    }
    return output
  }

  /// Traps on an index that would reach outside the table.
  func require(_ indices: [Int32], below bound: Int, _ operation: String = #function) {
    let limit = UInt32(bound)
    // Negative numbers are large ones here, so that one comparison serves.
    guard indices.contains(where: { UInt32(bitPattern: $0) >= limit }) else { return }
    preconditionFailure(
      "\(operation): an index is \(indices.first { UInt32(bitPattern: $0) >= limit } ?? -1), "
        + "rows are 0..<\(bound)")
  }
}
