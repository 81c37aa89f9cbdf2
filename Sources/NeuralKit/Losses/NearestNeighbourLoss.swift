/// The unimodal loss of SafeCLIP's warm-up and of its risky set (Yang et al., 2024, equation 2;
/// NNCLR, Dwibedi et al., 2021): one view of each item is to find, among all items of the batch, the
/// neighbour of its own other view,
/// `L = 1/N Σᵢ CE(s A' NN(A)ᵀ, i)`.
///
/// Neighbours come from the pool and are constants: no gradient flows into them, nor into the view
/// that they were looked up by, which therefore needs no backward pass.
package struct NearestNeighbourLoss: Sendable {
  package let scale: LogitScale

  /// The loss, and its gradient with respect to this replica's embeddings.
  package struct Result: Sendable {
    /// Of the whole batch, the same on every replica, before `weight`.
    package let value: Double
    /// The gradient of the views, `[n, D]`.
    package let views: Tensor
  }

  package init(scale: LogitScale) { self.scale = scale }

  /// The loss for this replica's items: `views` `[n, D]` (A') against their `neighbours` `[n, D]`,
  /// NN(A), and those of all other items, all of unit length.
  ///
  /// Gradients are multiplied by `weight`, that of the scale is added to the execution's gradients.
  /// All replicas call it together.
  package func callAsFunction(
    views: Tensor, neighbours: Tensor, weight: Float = 1, _ execution: Execution
  ) -> Result {
    requireEqual(views.shape, neighbours.shape, "nearest-neighbour loss")
    let backend = execution.backend
    let share = BatchShare(ownRows: views.rowCount, execution.communicator)
    let candidates = execution.communicator.gather(neighbours)
    let s = scale.scale(execution)
    let logits = backend.product(views, transposed: false, candidates, transposed: true, scale: s)
    let (losses, slopes) = backend.crossEntropy(
      logits, targets: share.targets, gradientScale: weight / Float(share.total))
    scale.accumulate(slopes, logits: logits, execution)
    let gradient = backend.product(
      slopes, transposed: false, candidates, transposed: false, scale: s)
    let value = Tensor([Float(backend.total(losses) / Double(share.total))], shape: [1])
    execution.communicator.sum(value)
    return Result(value: Double(value.scalar), views: gradient)
  }
}
