import Synchronization

/// Buffers of floats that several threads borrow, so that a view costs no allocation.
final class ScratchPool: Sendable {
  private struct Buffer {
    let address: UInt
    let count: Int

    init(count: Int) {
      address = UInt(bitPattern: UnsafeMutablePointer<Float>.allocate(capacity: count))
      self.count = count
    }

    var pointer: UnsafeMutablePointer<Float>? { UnsafeMutablePointer(bitPattern: address) }
  }

  private let free = Mutex<[Buffer]>([])

  /// Lends at least `count` floats without a defined value.
  func withFloats(count: Int, _ body: (UnsafeMutablePointer<Float>) -> Void) {
    var buffer = free.withLock { $0.popLast() } ?? Buffer(count: count)
    if buffer.count < count {
      buffer.pointer?.deallocate()
      buffer = Buffer(count: count)
    }
    if let pointer = buffer.pointer { body(pointer) }
    free.withLock { [buffer] in $0.append(buffer) }
  }

  deinit { for buffer in free.withLock({ $0 }) { buffer.pointer?.deallocate() } }
}
