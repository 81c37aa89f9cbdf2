/// What layers need besides their input to run on one replica: who computes, who else takes part,
/// where the weights are, and where gradients go.
package struct Execution: Sendable {
  /// What a forward pass is for.
  package enum Mode: Sendable {
    /// Statistics of the batch; contexts are kept for backward.
    case training
    /// Running statistics, which backward takes for constants; contexts are kept, for what an input would have
    /// to be to the model as it is.
    case frozen
    /// Statistics of the batch, and no backward: embeddings that serve as constants.
    case target
    /// Running statistics, no backward, and every replica for itself.
    case evaluation
  }

  package let backend: any Backend
  package let communicator: any Communicator
  package let weights: ModelWeights
  /// This replica's own sums; nil where no backward follows.
  package let gradients: ParameterValues?
  package let mode: Mode

  package init(
    backend: any Backend, communicator: any Communicator = SingleReplica(),
    weights: ModelWeights, gradients: ParameterValues? = nil, mode: Mode
  ) {
    self.backend = backend
    self.communicator = communicator
    self.weights = weights
    self.gradients = gradients
    self.mode = mode
  }

  /// The same replica in another mode.
  package func inMode(_ mode: Mode) -> Execution {
    Execution(
      backend: backend, communicator: communicator, weights: weights, gradients: gradients,
      mode: mode)
  }

  /// Whether statistics are those that training has left, not the batch's.
  package var usesRunningStatistics: Bool { mode == .evaluation || mode == .frozen }

  /// Whether layers must keep what backward needs.
  package var keepsContexts: Bool { mode == .training || mode == .frozen }

  /// The values of a parameter.
  package subscript(parameter: Parameter) -> Tensor { weights.parameters[parameter] }

  /// The values of a buffer.
  package func buffer(_ buffer: Parameter) -> Tensor { weights.buffers[buffer] }

  /// Where this replica adds up the gradient of a parameter.
  package func gradient(of parameter: Parameter) -> Tensor {
    guard let gradients else {
      preconditionFailure("a backward pass needs an execution with gradients")
    }
    return gradients[parameter]
  }
}
