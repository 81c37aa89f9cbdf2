import NeuralKit

/// A convolution with batch norm behind it, and optionally an addition and ReLU fused into that.
package struct NormalisedConvolution: Sendable {
  package let convolution: Convolution
  package let norm: BatchNorm

  /// The convolution's input; its output is in the norm's context.
  ///
  /// What several layers share or can compute again may be let go; it must be there for backward.
  package struct Context: Sendable {
    var x: Tensor?
    var norm: BatchNorm.Context

    /// The same with its input.
    func reading(_ x: Tensor) -> Context { Context(x: x, norm: norm) }
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

  /// The layer's output, from its context, or computed again and put there.
  package func output(in context: inout Context, _ execution: Execution) -> Tensor {
    let output = context.norm.output ?? norm.output(for: context.norm, execution)
    context.norm.output = output
    return output
  }

  /// The gradients of the input and, where forward had one, of the residual.
  package func backward(
    _ gradient: consuming Tensor, _ context: consuming Context, _ execution: Execution
  ) -> (x: Tensor, residual: Tensor?) {
    let (x, normContext) = Self.opened(consume context)
    let (convolved, residual) = norm.backward(consume gradient, consume normContext, execution)
    return (convolution.backward(convolved, x, execution), residual)
  }

  /// Backward for the first layer of a model, whose input needs no gradient.
  package func backwardWeights(
    _ gradient: consuming Tensor, _ context: consuming Context, _ execution: Execution
  ) {
    let (x, normContext) = Self.opened(consume context)
    let (convolved, _) = norm.backward(consume gradient, consume normContext, execution)
    convolution.backwardWeight(convolved, x, execution)
  }

  private static func opened(_ context: Context) -> (x: Tensor, norm: BatchNorm.Context) {
    guard let x = context.x else {
      preconditionFailure("a convolution's backward needs its input")
    }
    return (x, context.norm)
  }
}
