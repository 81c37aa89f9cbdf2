import NeuralKit

extension ProfiledBackend {
  func columnMoments(_ x: Tensor) -> Tensor {
    probe.measure(.batchNorm) { base.columnMoments(x) }
  }

  func normalizeColumns(
    _ x: Tensor, mean: Tensor, inverseDeviation: Tensor, weight: Tensor, bias: Tensor,
    residual: Tensor?, relu: Bool
  ) -> Tensor {
    probe.measure(.batchNorm) {
      base.normalizeColumns(
        x, mean: mean, inverseDeviation: inverseDeviation, weight: weight, bias: bias,
        residual: residual, relu: relu)
    }
  }

  func normalizeColumnsBackwardSums(
    _ gradient: Tensor, x: Tensor, output: Tensor?, mean: Tensor, inverseDeviation: Tensor
  ) -> Tensor {
    probe.measure(.batchNorm) {
      base.normalizeColumnsBackwardSums(
        gradient, x: x, output: output, mean: mean, inverseDeviation: inverseDeviation)
    }
  }

  func normalizeColumnsBackward(
    _ gradient: Tensor, x: Tensor, output: Tensor?, mean: Tensor, inverseDeviation: Tensor,
    weight: Tensor, sums: Tensor, totalRows: Int, needsResidual: Bool
  ) -> (x: Tensor, residual: Tensor?) {
    probe.measure(.batchNorm) {
      base.normalizeColumnsBackward(
        gradient, x: x, output: output, mean: mean, inverseDeviation: inverseDeviation,
        weight: weight, sums: sums, totalRows: totalRows, needsResidual: needsResidual)
    }
  }

  func layerNorm(
    _ x: Tensor, weight: Tensor, bias: Tensor, epsilon: Float
  ) -> (output: Tensor, statistics: Tensor) {
    probe.measure(.layerNorm) {
      base.layerNorm(x, weight: weight, bias: bias, epsilon: epsilon)
    }
  }

  func layerNormBackward(
    _ gradient: Tensor, x: Tensor, statistics: Tensor, weight: Tensor,
    accumulatingWeight: Tensor, accumulatingBias: Tensor
  ) -> Tensor {
    probe.measure(.layerNorm) {
      base.layerNormBackward(
        gradient, x: x, statistics: statistics, weight: weight,
        accumulatingWeight: accumulatingWeight, accumulatingBias: accumulatingBias)
    }
  }

  func normalizeRows(_ x: Tensor) -> (output: Tensor, lengths: Tensor) {
    probe.measure(.loss) { base.normalizeRows(x) }
  }

  func normalizeRowsBackward(_ gradient: Tensor, output: Tensor, lengths: Tensor) -> Tensor {
    probe.measure(.loss) {
      base.normalizeRowsBackward(gradient, output: output, lengths: lengths)
    }
  }
}
