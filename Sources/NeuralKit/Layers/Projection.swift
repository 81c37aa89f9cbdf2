/// `x · matrix` without bias, for `x` `[rows, inputs]`; the context is `x`.
package struct Projection: Layer {
  /// `[inputs, outputs]`: the transpose of how `Linear` keeps its weight, as CLIP does on disk.
  package let matrix: Parameter

  package init(
    _ name: String, inputs: Int, outputs: Int, _ start: InitialValues,
    in layout: inout ModelLayout
  ) {
    matrix = layout.parameter(name, [inputs, outputs], decays: true, start)
  }

  package func forward(_ x: Tensor, _ execution: Execution) -> (output: Tensor, context: Tensor) {
    let output = execution.backend.product(
      x, transposed: false, execution[matrix], transposed: false, scale: 1)
    return (output, x)
  }

  package func backward(
    _ gradient: Tensor, _ x: consuming Tensor, _ execution: Execution
  ) -> Tensor {
    execution.backend.accumulateProduct(
      x, transposed: true, gradient, transposed: false, scale: 1,
      into: execution.gradient(of: matrix))
    return execution.backend.product(
      gradient, transposed: false, execution[matrix], transposed: true, scale: 1)
  }
}
