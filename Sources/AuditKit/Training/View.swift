import NeuralKit

/// A batch part as the towers take it.
package struct View: Sendable {
  /// Normalised pixels, `[N, S, S, 3]`.
  package let images: Tensor
  /// Token ids, `N * contextLength` in row order.
  package let tokens: [Int32]
}

/// Which version of each pair a step sees.
package enum ViewKind: Sendable {
  /// The pair as it is.
  case plain
  /// As it is, but for a random pattern in some of the images.
  case patterned(epoch: Int)
  /// Augmented; `number` tells two views of one epoch apart.
  case augmented(epoch: Int, number: Int)
}
