extension BatchNorm {
  /// Statistics of the batch over all replicas; the running ones take note.
  func batchStatistics(of x: Tensor, _ execution: Execution) -> Statistics {
    let moments = Self.mergedMoments(
      execution.backend.columnMoments(x), rows: x.rowCount, execution.communicator)
    if execution.communicator.rank == 0 { updateRunning(moments, execution) }
    let inverse = moments.squaredDeviations.map {
      1 / ($0 / Double(moments.rows) + Double(Self.epsilon)).squareRoot()
    }
    return Statistics(
      mean: Tensor(moments.mean.map { Float($0) }, shape: weight.shape),
      inverseDeviation: Tensor(inverse.map { Float($0) }, shape: weight.shape),
      totalRows: moments.rows)
  }

  /// Means and sums of squared deviations of each channel over `rows` rows.
  struct Moments {
    var rows: Int
    var mean: [Double]
    var squaredDeviations: [Double]

    /// Adds the moments of other rows: Chan, Golub and LeVeque, 1979, equations 2.1.
    mutating func merge(_ other: Moments) {
      guard other.rows > 0 else { return }
      let (a, b) = (Double(rows), Double(other.rows))
      for c in mean.indices {
        let difference = other.mean[c] - mean[c]
        mean[c] += difference * b / (a + b)
        squaredDeviations[c] +=
          other.squaredDeviations[c] + difference * difference * a * b / (a + b)
      }
      rows += other.rows
    }
  }

  /// Merges each replica's `[2, C]` in rank order, so that all come to the same bits.
  static func mergedMoments(
    _ own: Tensor, rows: Int, _ communicator: any Communicator
  ) -> Moments {
    let channels = own.columnCount
    // One row each: means, squared deviations, and the row count in two halves that float32 holds
    // exactly.
    let halves = [Float(rows >> 20), Float(rows & 0xF_FFFF)]
    let parts = communicator.gather(
      Tensor(own.scalars + halves, shape: [1, 2 * channels + 2])
    ).scalars
    var merged = Moments(
      rows: 0, mean: [Double](repeating: 0, count: channels),
      squaredDeviations: [Double](repeating: 0, count: channels))
    for start in stride(from: 0, to: parts.count, by: 2 * channels + 2) {
      let part = parts[start..<start + 2 * channels + 2].map { Double($0) }
      merged.merge(
        Moments(
          rows: Int(part[2 * channels]) << 20 | Int(part[2 * channels + 1]),
          mean: Array(part[..<channels]),
          squaredDeviations: Array(part[channels..<2 * channels])))
    }
    return merged
  }

  /// The running statistics for evaluation.
  func runningStatistics(_ execution: Execution) -> Statistics {
    let inverse = execution.buffer(runningVariance).scalars.map {
      1 / ($0 + Self.epsilon).squareRoot()
    }
    return Statistics(
      mean: execution.buffer(runningMean),
      inverseDeviation: Tensor(inverse, shape: weight.shape), totalRows: 1)
  }

  private func updateRunning(_ moments: Moments, _ execution: Execution) {
    let momentum = Double(Self.momentum)
    let (mean, variance) = (execution.buffer(runningMean), execution.buffer(runningVariance))
    let freedom = Double(max(1, moments.rows - 1))
    for c in 0..<mean.count {
      mean[element: c] = Float(
        (1 - momentum) * Double(mean[element: c]) + momentum * moments.mean[c])
      variance[element: c] = Float(
        (1 - momentum) * Double(variance[element: c])
          + momentum * moments.squaredDeviations[c] / freedom)
    }
    execution.buffer(batchesTracked)[element: 0] += 1
  }
}
