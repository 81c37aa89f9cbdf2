import Foundation
import Synchronization

/// One dedicated thread for each replica of a training step.
///
/// `run` gives every thread the same closure and its own communicator, and returns when all are
/// done. Threads live as long as the group, so what they cache for themselves (convolution
/// workspaces) serves all steps. Between runs they sleep.
package final class ReplicaGroup: Sendable {
  /// How many replicas there are.
  package let count: Int
  private let crew: Crew
  private let running = Mutex(())

  /// Starts `count` threads, by default one for each core, with `stackBytes` each.
  package init(
    count: Int = ProcessInfo.processInfo.activeProcessorCount, name: String = "replica",
    stackBytes: Int = 16 << 20
  ) {
    precondition(count > 0, "a group needs at least one replica, not \(count)")
    self.count = count
    let fits = count <= ProcessInfo.processInfo.activeProcessorCount
    let crew = Crew(count: count)
    self.crew = crew
    let communicators: [any Communicator] =
      count == 1
      ? [SingleReplica()] : ThreadCommunicator.team(of: count, spins: fits ? Crew.spins : 0)
    for communicator in communicators {
      let thread = Thread { crew.work(communicator) }
      thread.name = "\(name) \(communicator.rank)"
      thread.stackSize = stackBytes
      thread.start()
    }
  }

  deinit { crew.dismiss() }

  /// Runs `body` once on each replica's thread and returns when all have finished.
  ///
  /// Calls from several threads take turns; a call from inside `body` would wait for itself for ever.
  package func run(_ body: @escaping @Sendable (any Communicator) -> Void) {
    running.withLock { _ in crew.perform(body) }
  }
}

/// What a group's threads share with it.
private final class Crew: @unchecked Sendable {
  // Sendable because `task` is written by the caller before `begin`'s barrier and read behind it.
  private var task: (@Sendable (any Communicator) -> Void)?
  private let begin: ReplicaBarrier
  private let end: ReplicaBarrier

  /// About 30 microseconds: longer than replicas wait for each other inside a step, shorter than what
  /// would be felt by a decoder on the same core.
  static let spins = 1000

  init(count: Int) {
    begin = ReplicaBarrier(count: count + 1, spins: 0)
    end = ReplicaBarrier(count: count + 1, spins: 0)
  }

  /// A thread's life.
  func work(_ communicator: any Communicator) {
    begin.wait()
    while runTask(communicator) {
      end.wait()
      begin.wait()
    }
  }

  /// Runs the task; false where there is none, at the end of the group.
  ///
  /// A function of its own, so that this thread has let go of the closure, and of what it holds, when
  /// the caller is told.
  @inline(never)
  private func runTask(_ communicator: any Communicator) -> Bool {
    guard let task else { return false }
    task(communicator)
    return true
  }

  func perform(_ body: @escaping @Sendable (any Communicator) -> Void) {
    task = body
    begin.wait()
    end.wait()
    task = nil
  }

  /// Lets the threads run out.
  func dismiss() {
    task = nil
    begin.wait()
  }
}
