/// The multi-layer perceptron of a transformer block: widen, activate, narrow.
package struct FeedForward: Sendable {
  package let expansion: Linear
  package let contraction: Linear
  package let activation: Activation

  /// The activation's input; backward computes its output again: at four times the width of everything
  /// else these are the largest tensors of a block.
  package struct Context: Sendable {
    let activationInput: Tensor
  }

  package init(
    _ name: String, width: Int, hiddenWidth: Int, activation: Activation, start: TransformerStart,
    in layout: inout ModelLayout
  ) {
    self.activation = activation
    expansion = Linear(
      "\(name).c_fc", inputs: width, outputs: hiddenWidth, weight: start.expansion, in: &layout)
    contraction = Linear(
      "\(name).c_proj", inputs: hiddenWidth, outputs: width, weight: start.contraction,
      in: &layout)
  }

  /// The result for the rows of `x`, `[rows, D]`.
  package func forward(
    _ x: Tensor, _ execution: Execution
  ) -> (output: Tensor, context: Context) {
    let (hidden, input) = expansion.forward(x, activation, execution)
    return (
      contraction.forward(hidden, execution).output,
      Context(activationInput: input)
    )
  }

  /// The gradient of `x`, which is passed in again.
  package func backward(
    _ gradient: Tensor, _ context: consuming Context, x: Tensor, _ execution: Execution
  ) -> Tensor {
    let backend = execution.backend
    let input = context.activationInput
    let hidden = backend.activate(input, bias: nil, activation).output
    let hiddenGradient = backend.activateBackward(
      contraction.backward(gradient, hidden, execution), input: input, activation,
      accumulatingBias: execution.gradient(of: expansion.bias))
    return expansion.backwardProduct(hiddenGradient, x, execution)
  }
}
