/// Layer normalisation over the last axis (Ba, Kiros and Hinton, 2016).
package struct LayerNorm: Layer {
  package static let epsilon: Float = 1e-5

  package let weight: Parameter
  package let bias: Parameter

  /// The input, and the mean and inverse deviation of each row.
  package struct Context: Sendable {
    let x: Tensor
    let statistics: Tensor
  }

  package init(_ name: String, width: Int, in layout: inout ModelLayout) {
    weight = layout.parameter("\(name).weight", [width], decays: false, .constant(1))
    bias = layout.parameter("\(name).bias", [width], decays: false, .constant(0))
  }

  package func forward(
    _ x: Tensor, _ execution: Execution
  ) -> (output: Tensor, context: Context) {
    let (output, statistics) = execution.backend.layerNorm(
      x, weight: execution[weight], bias: execution[bias], epsilon: Self.epsilon)
    return (output, Context(x: x, statistics: statistics))
  }

  /// The output once more, for backward.
  package func output(for context: Context, _ execution: Execution) -> Tensor {
    forward(context.x, execution).output
  }

  package func backward(
    _ gradient: Tensor, _ context: consuming Context, _ execution: Execution
  ) -> Tensor {
    execution.backend.layerNormBackward(
      gradient, x: context.x, statistics: context.statistics, weight: execution[weight],
      accumulatingWeight: execution.gradient(of: weight),
      accumulatingBias: execution.gradient(of: bias))
  }
}
