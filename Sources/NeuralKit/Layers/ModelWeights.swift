/// The values of a model: what is trained and what is recorded in passing.
///
/// One copy serves all replicas.
package struct ModelWeights: Sendable {
  package let parameters: ParameterValues
  package let buffers: ParameterValues

  /// Zeros for every parameter and buffer of a layout.
  package init(_ layout: ModelLayout) {
    parameters = ParameterValues(layout: layout.parameters)
    buffers = ParameterValues(layout: layout.buffers)
  }

  /// A copy with memory of its own.
  package func copied() -> ModelWeights {
    ModelWeights(parameters: parameters.copied(), buffers: buffers.copied())
  }

  package init(parameters: ParameterValues, buffers: ParameterValues) {
    self.parameters = parameters
    self.buffers = buffers
  }
}
