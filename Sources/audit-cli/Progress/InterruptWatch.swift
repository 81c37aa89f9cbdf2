import AuditKit
import Foundation
import Synchronization

/// Turns the first Ctrl-C (or SIGTERM) into a request to stop and lets the second end the process.
///
/// A handler may do next to nothing, and threads of the numeric libraries exist before `main`, so
/// signals cannot be kept to one thread by masks: the handler counts, writes a byte to a pipe, and a
/// thread of its own does the rest.
package enum InterruptWatch {
  private static let count = Atomic<Int>(0)
  private static let pipeEnd = Atomic<Int32>(-1)

  /// Begins to watch, for the rest of the process.
  ///
  /// `onFirst` is called once, on a thread of its own, after `stop` was asked.
  package static func begin(stop: StopSignal, onFirst: @escaping @Sendable () -> Void) {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { return }
    let readEnd = ends[0]
    pipeEnd.store(ends[1], ordering: .sequentiallyConsistent)
    // The static counters exist from here on, so that the handler never makes them.
    count.store(0, ordering: .sequentiallyConsistent)
    let thread = Thread {
      var byte: UInt8 = 0
      while read(readEnd, &byte, 1) < 0, errno == EINTR {}
      stop.request()
      onFirst()
    }
    thread.name = "interrupts"
    thread.start()
    var action = sigaction()
    action.__sigaction_handler.sa_handler = { _ in InterruptWatch.handle() }
    action.sa_flags = SA_RESTART
    sigaction(SIGINT, &action, nil)
    sigaction(SIGTERM, &action, nil)
  }

  private static func handle() {
    let savedErrno = errno
    let before = count.wrappingAdd(1, ordering: .sequentiallyConsistent).oldValue
    if before > 0 { _exit(ExitStatus.stopped.rawValue) }
    var byte: UInt8 = 1
    _ = Glibc.write(pipeEnd.load(ordering: .sequentiallyConsistent), &byte, 1)
    errno = savedErrno
  }
}
