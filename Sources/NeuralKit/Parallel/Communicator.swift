/// What the replicas of one training step say to each other.
///
/// A step is written once, for one replica that holds a part of the batch. This is the seam for more
/// cores today and more machines later. Every replica calls the same operations in the same order.
/// Sums are taken in rank order, so that the same number of replicas gives the same bits.
package protocol Communicator: Sendable {
  /// This replica's number, from 0.
  var rank: Int { get }
  /// How many replicas there are.
  var count: Int { get }

  /// Returns when all replicas have called it.
  func barrier()

  /// Replaces each replica's `tensor` by the element-wise sum over all of them.
  func sum(_ tensor: Tensor)

  /// All replicas' rows, in rank order: `[sum of rows, …]`. The parts may have different row counts.
  func gather(_ tensor: Tensor) -> Tensor
}

/// The communicator of a step that is not divided.
package struct SingleReplica: Communicator {
  package let rank = 0
  package let count = 1

  package init() {}
  package func barrier() {}
  package func sum(_ tensor: Tensor) {}
  package func gather(_ tensor: Tensor) -> Tensor { tensor }
}
