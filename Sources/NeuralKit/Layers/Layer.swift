/// A function with parameters from tensors to tensors.
///
/// A layer is a value that holds handles to its parameters, not the parameters: the same layer runs
/// on every replica. `forward` returns what `backward` needs; `backward` consumes that, adds to the
/// gradients of the parameters and returns the gradient of the input. Contexts share memory with the
/// activations they refer to, and are let go as backward proceeds.
package protocol Layer: Sendable {
  /// What backward needs to know of forward.
  associatedtype Context: Sendable

  func forward(_ x: Tensor, _ execution: Execution) -> (output: Tensor, context: Context)

  func backward(
    _ gradient: Tensor, _ context: consuming Context, _ execution: Execution
  ) -> Tensor
}
