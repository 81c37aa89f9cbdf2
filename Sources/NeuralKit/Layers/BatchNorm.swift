/// Batch normalisation over the last axis (Ioffe and Szegedy, 2015), with an optional addition and
/// ReLU fused behind it.
///
/// In training the statistics are those of the whole batch, however it is divided between replicas:
/// each contributes its means and squared deviations, merged by the formula of Chan, Golub and
/// LeVeque (1979). Running statistics follow with momentum 0.1, the variance unbiased, as PyTorch.
package struct BatchNorm: Sendable {
  package static let epsilon: Float = 1e-5
  package static let momentum: Float = 0.1

  package let weight: Parameter
  package let bias: Parameter
  package let runningMean: Parameter
  package let runningVariance: Parameter
  /// How many batches the running statistics have seen.
  package let batchesTracked: Parameter
  package let relu: Bool

  /// What backward needs: the input, the output where a ReLU follows (its sign is the mask), and the
  /// batch's statistics.
  package struct Context: Sendable {
    let x: Tensor
    /// May be let go, and be set again by `output(for:_:)` before backward.
    package var output: Tensor?
    let statistics: Statistics
    let hasResidual: Bool
  }

  /// Mean and inverse deviation of each channel over the rows of all replicas.
  package struct Statistics: Sendable {
    let mean: Tensor
    let inverseDeviation: Tensor
    let totalRows: Int
  }

  package init(
    _ name: String, channels: Int, relu: Bool, weight weightStart: Float = 1,
    in layout: inout ModelLayout
  ) {
    weight = layout.parameter("\(name).weight", [channels], decays: false, .constant(weightStart))
    bias = layout.parameter("\(name).bias", [channels], decays: false, .constant(0))
    runningMean = layout.buffer("\(name).running_mean", [channels], .constant(0))
    runningVariance = layout.buffer("\(name).running_var", [channels], .constant(1))
    batchesTracked = layout.buffer("\(name).num_batches_tracked", [], .constant(0))
    self.relu = relu
  }

  /// Normalises `x` `[N, H, W, C]`, adds `residual` of the same shape where given, applies ReLU where
  /// the layer has one.
  package func forward(
    _ x: Tensor, adding residual: Tensor? = nil, _ execution: Execution
  ) -> (output: Tensor, context: Context) {
    let statistics =
      execution.usesRunningStatistics
      ? runningStatistics(execution) : batchStatistics(of: x, execution)
    let output = execution.backend.normalizeColumns(
      x, mean: statistics.mean, inverseDeviation: statistics.inverseDeviation,
      weight: execution[weight], bias: execution[bias], residual: residual, relu: relu)
    let context = Context(
      x: x, output: relu ? output : nil, statistics: statistics, hasResidual: residual != nil)
    return (output, context)
  }

  /// The output once more, for a norm to whose output nothing was added.
  package func output(for context: Context, _ execution: Execution) -> Tensor {
    precondition(!context.hasResidual, "what was added is not kept")
    return execution.backend.normalizeColumns(
      context.x, mean: context.statistics.mean,
      inverseDeviation: context.statistics.inverseDeviation, weight: execution[weight],
      bias: execution[bias], residual: nil, relu: relu)
  }

  /// The gradients of the input and, where forward had one, of the residual.
  package func backward(
    _ gradient: consuming Tensor, _ context: consuming Context, _ execution: Execution
  ) -> (x: Tensor, residual: Tensor?) {
    precondition(!relu || context.output != nil, "a ReLU's backward needs its output")
    let statistics = context.statistics
    let sums = execution.backend.normalizeColumnsBackwardSums(
      gradient, x: context.x, output: context.output, mean: statistics.mean,
      inverseDeviation: statistics.inverseDeviation)
    // The parameters' gradients are summed over replicas later, with all others: they take this
    // replica's part, the input's gradient needs the whole.
    execution.backend.accumulate(
      sums.rows(0..<1), scale: 1, into: execution.gradient(of: bias))
    execution.backend.accumulate(
      sums.rows(1..<2), scale: 1, into: execution.gradient(of: weight))
    if execution.usesRunningStatistics {
      // The input does not move constants.
      execution.backend.fillInPlace(sums, 0)
    } else {
      execution.communicator.sum(sums)
    }
    return execution.backend.normalizeColumnsBackward(
      gradient, x: context.x, output: context.output, mean: statistics.mean,
      inverseDeviation: statistics.inverseDeviation, weight: execution[weight], sums: sums,
      totalRows: statistics.totalRows, needsResidual: context.hasResidual)
  }
}
