/// CLIP's loss: symmetric cross-entropy over the similarities of all images and all captions of a
/// batch (Radford et al., 2021, figure 3),
/// `L = 1/2N Σᵢ [ CE(s Z W, i) + CE(s W Zᵀ, i) ]`.
///
/// The batch may be divided between replicas. Each scores its own rows against everyone's, so the
/// result is that of the whole batch; only rounding depends on the division.
package struct ContrastiveLoss: Sendable {
  package let scale: LogitScale

  /// The loss, and its gradients with respect to this replica's embeddings.
  package struct Result: Sendable {
    /// Of the whole batch, the same on every replica, before `weight`.
    package let value: Double
    /// `[n, D]`.
    package let images: Tensor
    /// `[n, D]`.
    package let texts: Tensor
  }

  package init(scale: LogitScale) { self.scale = scale }

  /// The loss for this replica's pairs: row `i` of `images` `[n, D]` belongs to row `i` of `texts`
  /// `[n, D]`, all of unit length.
  ///
  /// Gradients are multiplied by `weight`, that of the scale is added to the execution's gradients.
  /// All replicas call it together.
  package func callAsFunction(
    images: Tensor, texts: Tensor, weight: Float = 1, _ execution: Execution
  ) -> Result {
    requireEqual(images.shape, texts.shape, "contrastive loss")
    let share = BatchShare(ownRows: images.rowCount, execution.communicator)
    let allImages = execution.communicator.gather(images)
    let allTexts = execution.communicator.gather(texts)
    // Everyone's gradients from this replica's rows: images first, then texts.
    let spread = Tensor(repeating: 0, shape: [2 * share.total, images.columnCount])
    let spreadImages = spread.rows(0..<share.total)
    let spreadTexts = spread.rows(share.total..<2 * share.total)
    let imageLoss = oneDirection(
      images, allTexts, share, weight, own: spreadImages.rows(share.rows), others: spreadTexts,
      execution)
    let textLoss = oneDirection(
      texts, allImages, share, weight, own: spreadTexts.rows(share.rows), others: spreadImages,
      execution)
    execution.communicator.sum(spread)
    let losses = Tensor([Float((imageLoss + textLoss) / Double(2 * share.total))], shape: [1])
    execution.communicator.sum(losses)
    return Result(
      value: Double(losses.scalar), images: spreadImages.rows(share.rows),
      texts: spreadTexts.rows(share.rows))
  }

  /// Adds the gradients of `queries` and `candidates` to `own` and `others`, and returns the sum of
  /// the rows' losses.
  private func oneDirection(
    _ queries: Tensor, _ candidates: Tensor, _ share: BatchShare, _ weight: Float, own: Tensor,
    others: Tensor, _ execution: Execution
  ) -> Double {
    let backend = execution.backend
    let s = scale.scale(execution)
    let logits = backend.product(
      queries, transposed: false, candidates, transposed: true, scale: s)
    let (losses, slopes) = backend.crossEntropy(
      logits, targets: share.targets, gradientScale: weight / Float(2 * share.total))
    scale.accumulate(slopes, logits: logits, execution)
    backend.accumulateProduct(
      slopes, transposed: false, candidates, transposed: false, scale: s, into: own)
    backend.accumulateProduct(
      slopes, transposed: true, queries, transposed: false, scale: s, into: others)
    return backend.total(losses)
  }
}
