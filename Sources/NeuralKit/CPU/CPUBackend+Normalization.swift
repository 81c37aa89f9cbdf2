import CKernels

extension CPUBackend {
  package func columnMoments(_ x: Tensor) -> Tensor {
    let moments = Tensor(uninitialized: [2, x.columnCount])
    kernels.pointee.columnMoments(moments.pointer, x.pointer, x.rowCount, x.columnCount)
    return moments
  }

  package func normalizeColumns(
    _ x: Tensor, mean: Tensor, inverseDeviation: Tensor, weight: Tensor, bias: Tensor,
    residual: Tensor?, relu: Bool
  ) -> Tensor {
    let columns = x.columnCount
    mean.require(count: columns, "mean")
    inverseDeviation.require(count: columns, "inverseDeviation")
    weight.require(count: columns, "weight")
    bias.require(count: columns, "bias")
    residual?.require(x.shape, "residual")
    let output = Tensor(uninitialized: x.shape)
    kernels.pointee.normalizeColumns(
      output.pointer, x.pointer, mean.pointer, inverseDeviation.pointer, weight.pointer,
      bias.pointer, residual?.pointer, relu, x.rowCount, columns)
    return output
  }

  package func normalizeColumnsBackwardSums(
    _ gradient: Tensor, x: Tensor, output: Tensor?, mean: Tensor, inverseDeviation: Tensor
  ) -> Tensor {
    let columns = x.columnCount
    gradient.require(x.shape, "gradient")
    output?.require(x.shape, "output")
    mean.require(count: columns, "mean")
    inverseDeviation.require(count: columns, "inverseDeviation")
    let sums = Tensor(uninitialized: [2, columns])
    kernels.pointee.normalizeColumnsBackwardSums(
      sums.pointer, gradient.pointer, x.pointer, output?.pointer, mean.pointer,
      inverseDeviation.pointer, x.rowCount, columns)
    return sums
  }

  package func normalizeColumnsBackward(
    _ gradient: Tensor, x: Tensor, output: Tensor?, mean: Tensor, inverseDeviation: Tensor,
    weight: Tensor, sums: Tensor, totalRows: Int, needsResidual: Bool
  ) -> (x: Tensor, residual: Tensor?) {
    let columns = x.columnCount
    gradient.require(x.shape, "gradient")
    output?.require(x.shape, "output")
    mean.require(count: columns, "mean")
    inverseDeviation.require(count: columns, "inverseDeviation")
    weight.require(count: columns, "weight")
    sums.require(count: 2 * columns, "sums")
    let xGradient = Tensor(uninitialized: x.shape)
    // Without a ReLU the residual's gradient is the gradient itself.
    let separate = needsResidual && output != nil ? Tensor(uninitialized: x.shape) : nil
    kernels.pointee.normalizeColumnsBackward(
      xGradient.pointer, separate?.pointer, gradient.pointer, x.pointer, output?.pointer,
      mean.pointer, inverseDeviation.pointer, weight.pointer, sums.pointer, Float(totalRows),
      x.rowCount, columns)
    return (xGradient, needsResidual ? separate ?? gradient : nil)
  }

  package func layerNorm(
    _ x: Tensor, weight: Tensor, bias: Tensor, epsilon: Float
  ) -> (output: Tensor, statistics: Tensor) {
    weight.require(count: x.columnCount, "weight")
    bias.require(count: x.columnCount, "bias")
    let output = Tensor(uninitialized: x.shape)
    let statistics = Tensor(uninitialized: [x.rowCount, 2])
    kernels.pointee.layerNorm(
      output.pointer, statistics.pointer, x.pointer, weight.pointer, bias.pointer, epsilon,
      x.rowCount, x.columnCount)
    return (output, statistics)
  }

  package func layerNormBackward(
    _ gradient: Tensor, x: Tensor, statistics: Tensor, weight: Tensor, accumulatingWeight: Tensor,
    accumulatingBias: Tensor
  ) -> Tensor {
    gradient.require(x.shape, "gradient")
    statistics.require([x.rowCount, 2], "statistics")
    weight.require(count: x.columnCount, "weight")
    accumulatingWeight.require(count: x.columnCount, "accumulatingWeight")
    accumulatingBias.require(count: x.columnCount, "accumulatingBias")
    let xGradient = Tensor(uninitialized: x.shape)
    kernels.pointee.layerNormBackward(
      xGradient.pointer, accumulatingWeight.pointer, accumulatingBias.pointer, gradient.pointer,
      x.pointer, statistics.pointer, weight.pointer, x.rowCount, x.columnCount)
    return xGradient
  }

  package func normalizeRows(_ x: Tensor) -> (output: Tensor, lengths: Tensor) {
    let output = Tensor(uninitialized: x.shape)
    let lengths = Tensor(uninitialized: [x.rowCount])
    kernels.pointee.normalizeRows(
      output.pointer, lengths.pointer, x.pointer, x.rowCount, x.columnCount)
    return (output, lengths)
  }

  package func normalizeRowsBackward(
    _ gradient: Tensor, output: Tensor, lengths: Tensor
  ) -> Tensor {
    gradient.require(output.shape, "gradient")
    lengths.require([output.rowCount], "lengths")
    let xGradient = Tensor(uninitialized: output.shape)
    kernels.pointee.normalizeRowsBackward(
      xGradient.pointer, gradient.pointer, output.pointer, lengths.pointer, output.rowCount,
      output.columnCount)
    return xGradient
  }
}
