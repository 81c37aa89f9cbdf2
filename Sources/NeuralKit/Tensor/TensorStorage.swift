/// The memory behind tensors: 64-byte aligned floats that go back to a pool when the last tensor
/// that views them is gone, so that a training step reuses the same pages instead of asking the
/// kernel for zeroed ones.
package final class TensorStorage: @unchecked Sendable {
  // Sendable because the pointer never changes; who writes when is agreed between replicas by the
  // communicator's barriers (parameters) or follows from ownership (activations of one replica).
  package let pointer: UnsafeMutablePointer<Float>
  package let count: Int

  /// Uninitialised memory for `count` floats.
  package init(count: Int) {
    self.count = count
    pointer = MemoryPool.shared.take(count: count)
  }

  deinit { MemoryPool.shared.giveBack(pointer, count: count) }
}
