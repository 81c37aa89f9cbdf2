import Synchronization

/// Free blocks of float memory by size class.
///
/// A fresh block of a few megabytes costs a page fault every 4 KiB, which at the sizes of one
/// training step takes longer than the arithmetic on it; the pool keeps what a step has used for
/// the next one.
package final class MemoryPool: Sendable {
  package static let shared = MemoryPool()

  private struct Block: @unchecked Sendable {  // a free block has one owner: the pool
    let pointer: UnsafeMutablePointer<Float>
  }

  private struct State {
    var free: [Int: [Block]] = [:]
    var bytesHeld = 0
  }

  private let state = Mutex(State())

  /// Bytes that the process has taken from the system for tensors and not returned.
  package var bytesHeld: Int { state.withLock { $0.bytesHeld } }

  /// Rounds up so that few classes serve all sizes: at most an eighth is wasted.
  static func sizeClass(_ count: Int) -> Int {
    let minimum = 16
    guard count > minimum else { return minimum }
    let step = max(minimum, 1 << (Int.bitWidth - (count - 1).leadingZeroBitCount - 4))
    return (count + step - 1) / step * step
  }

  func take(count: Int) -> UnsafeMutablePointer<Float> {
    let size = Self.sizeClass(count)
    let reused = state.withLock { state -> Block? in
      if let block = state.free[size]?.popLast() { return block }
      state.bytesHeld += size * MemoryLayout<Float>.stride
      return nil
    }
    if let reused { return reused.pointer }
    return UnsafeMutableRawPointer.allocate(
      byteCount: size * MemoryLayout<Float>.stride, alignment: 64
    ).bindMemory(to: Float.self, capacity: size)
  }

  func giveBack(_ pointer: UnsafeMutablePointer<Float>, count: Int) {
    let block = Block(pointer: pointer)
    state.withLock { $0.free[Self.sizeClass(count), default: []].append(block) }
  }

  /// Returns all free blocks to the system, for example between stages with other batch sizes.
  package func drain() {
    let blocks = state.withLock { state -> [(size: Int, blocks: [Block])] in
      let all = state.free.map { (size: $0.key, blocks: $0.value) }
      state.free = [:]
      for (size, blocks) in all {
        state.bytesHeld -= size * MemoryLayout<Float>.stride * blocks.count
      }
      return all
    }
    for (_, blocks) in blocks { for block in blocks { block.pointer.deallocate() } }
  }
}
