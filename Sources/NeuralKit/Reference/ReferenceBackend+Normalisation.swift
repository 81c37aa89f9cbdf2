extension ReferenceBackend {
  package func columnMoments(_ x: Tensor) -> Tensor {
    let (rows, columns) = (x.rowCount, x.columnCount)
    let moments = Tensor(repeating: 0, shape: [2, columns])
    guard rows > 0 else { return moments }
    for c in 0..<columns {
      var sum = 0.0
      for r in 0..<rows { sum += Double(x[r, c]) }
      let mean = sum / Double(rows)
      var squares = 0.0
      for r in 0..<rows { squares += (Double(x[r, c]) - mean) * (Double(x[r, c]) - mean) }
      moments[0, c] = Float(mean)
      moments[1, c] = Float(squares)
    }
    return moments
  }

  package func normalizeColumns(
    _ x: Tensor, mean: Tensor, inverseDeviation: Tensor, weight: Tensor, bias: Tensor,
    residual: Tensor?, relu: Bool
  ) -> Tensor {
    for vector in [mean, inverseDeviation, weight, bias] {
      requireColumns(vector, x.columnCount, "normalizeColumns")
    }
    if let residual { requireEqual(residual.shape, x.shape, "normalizeColumns") }
    let result = Tensor(uninitialized: x.shape)
    for r in 0..<x.rowCount {
      for c in 0..<x.columnCount {
        let normalised = (x[r, c] - mean[element: c]) * inverseDeviation[element: c]
        let value =
          normalised * weight[element: c] + bias[element: c] + (residual.map { $0[r, c] } ?? 0)
        result[r, c] = relu ? max(0, value) : value
      }
    }
    return result
  }

  package func normalizeColumnsBackwardSums(
    _ gradient: Tensor, x: Tensor, output: Tensor?, mean: Tensor, inverseDeviation: Tensor
  ) -> Tensor {
    requireEqual(gradient.shape, x.shape, "normalizeColumnsBackwardSums")
    let sums = Tensor(uninitialized: [2, x.columnCount])
    for c in 0..<x.columnCount {
      var (gradients, products) = (0.0, 0.0)
      for r in 0..<x.rowCount where output.map({ $0[r, c] > 0 }) ?? true {
        let normalised = (x[r, c] - mean[element: c]) * inverseDeviation[element: c]
        gradients += Double(gradient[r, c])
        products += Double(gradient[r, c]) * Double(normalised)
      }
      sums[0, c] = Float(gradients)
      sums[1, c] = Float(products)
    }
    return sums
  }

  package func normalizeColumnsBackward(
    _ gradient: Tensor, x: Tensor, output: Tensor?, mean: Tensor, inverseDeviation: Tensor,
    weight: Tensor, sums: Tensor, totalRows: Int, needsResidual: Bool
  ) -> (x: Tensor, residual: Tensor?) {
    requireEqual(gradient.shape, x.shape, "normalizeColumnsBackward")
    requireEqual(sums.shape, [2, x.columnCount], "normalizeColumnsBackward")
    let result = Tensor(uninitialized: x.shape)
    let residual = needsResidual ? Tensor(uninitialized: x.shape) : nil
    for r in 0..<x.rowCount {
      for c in 0..<x.columnCount {
        let passes = output.map { $0[r, c] > 0 } ?? true
        let slope = passes ? gradient[r, c] : 0
        residual?[r, c] = slope
        // Ioffe and Szegedy, 2015, the chain through mean and variance collected.
        let normalised = (x[r, c] - mean[element: c]) * inverseDeviation[element: c]
        let through = (sums[0, c] + normalised * sums[1, c]) / Float(totalRows)
        result[r, c] = weight[element: c] * inverseDeviation[element: c] * (slope - through)
      }
    }
    return (result, residual)
  }

  package func layerNorm(
    _ x: Tensor, weight: Tensor, bias: Tensor, epsilon: Float
  ) -> (output: Tensor, statistics: Tensor) {
    let columns = x.columnCount
    requireColumns(weight, columns, "layerNorm")
    requireColumns(bias, columns, "layerNorm")
    let output = Tensor(uninitialized: x.shape)
    let statistics = Tensor(uninitialized: [x.rowCount, 2])
    for r in 0..<x.rowCount {
      let row = (0..<columns).map { Double(x[r, $0]) }
      let mean = row.reduce(0, +) / Double(columns)
      let variance = row.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(columns)
      let inverse = 1 / (variance + Double(epsilon)).squareRoot()
      statistics[r, 0] = Float(mean)
      statistics[r, 1] = Float(inverse)
      for c in 0..<columns {
        output[r, c] = Float((row[c] - mean) * inverse) * weight[element: c] + bias[element: c]
      }
    }
    return (output, statistics)
  }

  package func layerNormBackward(
    _ gradient: Tensor, x: Tensor, statistics: Tensor, weight: Tensor,
    accumulatingWeight: Tensor, accumulatingBias: Tensor
  ) -> Tensor {
    requireEqual(gradient.shape, x.shape, "layerNormBackward")
    let columns = x.columnCount
    let result = Tensor(uninitialized: x.shape)
    var weightSums = [Double](repeating: 0, count: columns)
    var biasSums = weightSums
    for r in 0..<x.rowCount {
      let (mean, inverse) = (Double(statistics[r, 0]), Double(statistics[r, 1]))
      let normalised = (0..<columns).map { (Double(x[r, $0]) - mean) * inverse }
      let slopes = (0..<columns).map { Double(gradient[r, $0]) * Double(weight[element: $0]) }
      let slopeMean = slopes.reduce(0, +) / Double(columns)
      let productMean = zip(slopes, normalised).reduce(0) { $0 + $1.0 * $1.1 } / Double(columns)
      for c in 0..<columns {
        weightSums[c] += Double(gradient[r, c]) * normalised[c]
        biasSums[c] += Double(gradient[r, c])
        result[r, c] = Float(inverse * (slopes[c] - slopeMean - normalised[c] * productMean))
      }
    }
    for c in 0..<columns {
      accumulatingWeight[element: c] += Float(weightSums[c])
      accumulatingBias[element: c] += Float(biasSums[c])
    }
    return result
  }

  package func normalizeRows(_ x: Tensor) -> (output: Tensor, lengths: Tensor) {
    let output = Tensor(uninitialized: x.shape)
    let lengths = Tensor(uninitialized: [x.rowCount])
    for r in 0..<x.rowCount {
      let squares = (0..<x.columnCount).reduce(0.0) { $0 + Double(x[r, $1]) * Double(x[r, $1]) }
      let length = squares.squareRoot()
      lengths[element: r] = Float(length)
      for c in 0..<x.columnCount {
        output[r, c] = length > 0 ? Float(Double(x[r, c]) / length) : 0
      }
    }
    return (output, lengths)
  }

  package func normalizeRowsBackward(
    _ gradient: Tensor, output: Tensor, lengths: Tensor
  ) -> Tensor {
    requireEqual(gradient.shape, output.shape, "normalizeRowsBackward")
    let result = Tensor(uninitialized: output.shape)
    for r in 0..<output.rowCount {
      // y = x / |x|: dx = (dy - y (y · dy)) / |x|.
      let along = (0..<output.columnCount).reduce(0.0) {
        $0 + Double(gradient[r, $1]) * Double(output[r, $1])
      }
      let length = Double(lengths[element: r])
      for c in 0..<output.columnCount {
        let across = Double(gradient[r, c]) - Double(output[r, c]) * along
        result[r, c] = length > 0 ? Float(across / length) : 0
      }
    }
    return result
  }
}
