import CKernels
import Foundation
import Synchronization

/// Where a fixed number of threads wait for each other, again and again.
///
/// Replicas arrive within microseconds of each other many times a step, so a thread first spins; one
/// that has waited longer goes to sleep and leaves its core to others.
final class ReplicaBarrier: Sendable {
  private let count: Int
  private let spins: Int
  private let arrived = Atomic<Int>(0)
  private let generation = Atomic<Int>(0)
  private let sleepers = Atomic<Int>(0)
  private let condition = NSCondition()

  /// A barrier for `count` threads that look `spins` times before they sleep; 0 where there are more
  /// threads than cores, since those who spin would keep those they wait for from running.
  init(count: Int, spins: Int) {
    self.count = count
    self.spins = spins
  }

  /// Returns when all threads have called it.
  func wait(spinning: Bool = true) {
    let current = generation.load(ordering: .acquiring)
    guard arrived.add(1, ordering: .acquiringAndReleasing).newValue < count else {
      release(current)
      return
    }
    if spinning {
      for _ in 0..<spins {
        if generation.load(ordering: .acquiring) != current { return }
        ck_pause()
      }
    }
    // A sleeper announces itself before it looks again, and the last to arrive looks for sleepers
    // after it has moved the generation: one of them sees the other.
    condition.lock()
    sleepers.add(1, ordering: .sequentiallyConsistent)
    while generation.load(ordering: .sequentiallyConsistent) == current { condition.wait() }
    sleepers.subtract(1, ordering: .sequentiallyConsistent)
    condition.unlock()
  }

  private func release(_ current: Int) {
    arrived.store(0, ordering: .relaxed)
    generation.store(current &+ 1, ordering: .sequentiallyConsistent)
    guard sleepers.load(ordering: .sequentiallyConsistent) > 0 else { return }
    condition.lock()
    condition.broadcast()
    condition.unlock()
  }
}
