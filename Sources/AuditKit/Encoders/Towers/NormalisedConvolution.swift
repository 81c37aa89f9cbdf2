import NeuralKit

/// A convolution with batch norm behind it, and optionally an addition and ReLU fused into that.
package struct NormalisedConvolution: Sendable {
  package let convolution: Convolution
  package let norm: BatchNorm

  /// The convolution's input; its output is in the norm's context.
  package struct Context: Sendable {
    let x: Tensor
    let norm: BatchNorm.Context
  }

  package init(convolution: Convolution, norm: BatchNorm) {
    self.convolution = convolution
    self.norm = norm
  }

  package func forward(
    _ x: Tensor, adding residual: Tensor? = nil, _ execution: Execution
  ) -> (output: Tensor, context: Context) {
    let convolved = convolution.forward(x, execution).output
    let (output, normContext) = norm.forward(convolved, adding: residual, execution)
    return (output, Context(x: x, norm: normContext))
  }

  /// The gradients of the input and, where forward had one, of the residual.
  package func backward(
    _ gradient: Tensor, _ context: consuming Context, _ execution: Execution
  ) -> (x: Tensor, residual: Tensor?) {
    let (x, normContext) = (context.x, context.norm)
    _ = consume context
    let (convolved, residual) = norm.backward(gradient, consume normContext, execution)
    return (convolution.backward(convolved, x, execution), residual)
  }

  /// Backward for the first layer of a model, whose input needs no gradient.
  package func backwardWeights(
    _ gradient: Tensor, _ context: consuming Context, _ execution: Execution
  ) {
    let (x, normContext) = (context.x, context.norm)
    _ = consume context
    let (convolved, _) = norm.backward(gradient, consume normContext, execution)
    convolution.backwardWeight(convolved, x, execution)
  }
}
