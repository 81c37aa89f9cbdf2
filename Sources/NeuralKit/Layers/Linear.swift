/// `x · weightᵀ + bias` for `x` `[rows, inputs]`; the context is `x`.
package struct Linear: Layer {
  /// `[outputs, inputs]`.
  package let weight: Parameter
  /// `[outputs]`.
  package let bias: Parameter

  /// Adds `name.weight` and `name.bias` to the layout, as PyTorch starts them unless said otherwise.
  package init(
    _ name: String, inputs: Int, outputs: Int, weight weightStart: InitialValues? = nil,
    bias biasStart: InitialValues? = nil, in layout: inout ModelLayout
  ) {
    let standard = InitialValues.standard(fanIn: inputs)
    weight = layout.parameter(
      "\(name).weight", [outputs, inputs], decays: true, weightStart ?? standard)
    bias = layout.parameter("\(name).bias", [outputs], decays: false, biasStart ?? standard)
  }

  package func forward(_ x: Tensor, _ execution: Execution) -> (output: Tensor, context: Tensor) {
    let (output, _) = forward(x, .identity, execution)
    return (output, x)
  }

  /// An activation fused behind the layer: its output, and its input for `backend.activateBackward`.
  package func forward(
    _ x: Tensor, _ activation: Activation, _ execution: Execution
  ) -> (output: Tensor, input: Tensor) {
    let product = execution.backend.product(
      x, transposed: false, execution[weight], transposed: true, scale: 1)
    return execution.backend.activate(product, bias: execution[bias], activation)
  }

  package func backward(
    _ gradient: Tensor, _ x: consuming Tensor, _ execution: Execution
  ) -> Tensor {
    execution.backend.accumulate(gradient, scale: 1, into: execution.gradient(of: bias))
    return backwardProduct(gradient, x, execution)
  }

  /// Backward without the bias, for callers that summed its gradient while passing an activation.
  package func backwardProduct(
    _ gradient: Tensor, _ x: consuming Tensor, _ execution: Execution
  ) -> Tensor {
    execution.backend.accumulateProduct(
      gradient, transposed: true, x, transposed: false, scale: 1,
      into: execution.gradient(of: weight))
    return execution.backend.product(
      gradient, transposed: false, execution[weight], transposed: false, scale: 1)
  }
}
