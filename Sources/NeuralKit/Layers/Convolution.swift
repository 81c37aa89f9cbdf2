/// Convolution without bias of images `[N, H, W, inputs]`; the context is the input.
package struct Convolution: Layer {
  /// `[outputs, inputs, size, size]`.
  package let weight: Parameter
  package let stride: Int
  package let padding: Int

  package init(
    _ name: String, inputs: Int, outputs: Int, size: Int, stride: Int = 1, padding: Int = 0,
    in layout: inout ModelLayout
  ) {
    weight = layout.parameter(
      "\(name).weight", [outputs, inputs, size, size], decays: true,
      .standard(fanIn: inputs * size * size))
    self.stride = stride
    self.padding = padding
  }

  package func forward(_ x: Tensor, _ execution: Execution) -> (output: Tensor, context: Tensor) {
    let output = execution.backend.convolution(
      x, weight: execution[weight], stride: stride, padding: padding)
    return (output, x)
  }

  package func backward(
    _ gradient: Tensor, _ x: consuming Tensor, _ execution: Execution
  ) -> Tensor {
    guard let inputGradient = backward(gradient, x, needsInputGradient: true, execution) else {
      preconditionFailure("the backend returned no gradient of the convolution's input")
    }
    return inputGradient
  }

  /// Backward for the first layer of a model, whose input needs no gradient.
  package func backwardWeight(_ gradient: Tensor, _ x: consuming Tensor, _ execution: Execution) {
    _ = backward(gradient, x, needsInputGradient: false, execution)
  }

  private func backward(
    _ gradient: Tensor, _ x: Tensor, needsInputGradient: Bool, _ execution: Execution
  ) -> Tensor? {
    execution.backend.convolutionBackward(
      gradient, x: x, weight: execution[weight], stride: stride, padding: padding,
      accumulatingInto: execution.gradient(of: weight), needsInputGradient: needsInputGradient)
  }
}
