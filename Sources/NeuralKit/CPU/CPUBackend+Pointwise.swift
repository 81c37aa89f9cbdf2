import CKernels

extension CPUBackend {
  package func activate(
    _ x: Tensor, bias: Tensor?, _ activation: Activation
  ) -> (output: Tensor, input: Tensor) {
    bias?.require(count: x.columnCount, "bias")
    let output: Tensor
    let input: Tensor
    switch activation {
    case .identity where bias == nil: return (x, x)
    case .identity, .relu:
      // Where the output is positive the input was: one buffer serves both.
      output = Tensor(uninitialized: x.shape)
      input = output
    case .gelu, .quickGELU:
      output = Tensor(uninitialized: x.shape)
      input = bias == nil ? x : Tensor(uninitialized: x.shape)
    }
    let writesInput = bias != nil && input.storage !== output.storage
    kernels.pointee.activate(
      output.pointer, writesInput ? input.pointer : nil, x.pointer, bias?.pointer,
      activation.kernel, x.rowCount, x.columnCount)
    return (output, input)
  }

  /// For `.identity` the result shares the gradient's memory.
  package func activateBackward(
    _ gradient: Tensor, input: Tensor, _ activation: Activation,
    accumulatingBias biasGradient: Tensor?
  ) -> Tensor {
    gradient.require(input.shape, "gradient")
    biasGradient?.require(count: input.columnCount, "biasGradient")
    if case .identity = activation {
      if let biasGradient {
        kernels.pointee.accumulateColumnSums(
          biasGradient.pointer, gradient.pointer, 1, input.rowCount, input.columnCount)
      }
      return gradient
    }
    let xGradient = Tensor(uninitialized: input.shape)
    kernels.pointee.activateBackward(
      xGradient.pointer, biasGradient?.pointer, gradient.pointer, input.pointer, activation.kernel,
      input.rowCount, input.columnCount)
    return xGradient
  }

  package func add(_ a: Tensor, _ b: Tensor) -> Tensor {
    precondition(
      a.columnCount == b.columnCount && (b.count > 0 ? a.count % b.count == 0 : a.count == 0),
      "add: \(b.shape) does not repeat into \(a.shape)")
    let output = Tensor(uninitialized: a.shape)
    kernels.pointee.add(output.pointer, a.pointer, b.pointer, a.count, b.count)
    return output
  }

  package func accumulate(_ x: Tensor, scale: Float, into sum: Tensor) {
    precondition(
      x.columnCount == sum.columnCount && (sum.count > 0 ? x.count % sum.count == 0 : x.count == 0),
      "accumulate: \(x.shape) does not go round \(sum.shape)")
    kernels.pointee.accumulate(sum.pointer, x.pointer, scale, x.count, sum.count)
  }

  package func fillInPlace(_ x: Tensor, _ value: Float) {
    kernels.pointee.fill(x.pointer, value, x.count)
  }
}

extension Activation {
  fileprivate var kernel: CKActivation {
    switch self {
    case .identity: CKActivationIdentity
    case .relu: CKActivationReLU
    case .gelu: CKActivationGELU
    case .quickGELU: CKActivationQuickGELU
    }
  }
}
