import FlyingSocks
import Foundation
import Synchronization

/// Ends what takes too long, on all connections of a server.
///
/// One task looks at all of them four times a second and shuts a late one down, which wakes whoever waits
/// on it: that costs a connection nothing while it is in time.
final class ConnectionDeadlines: Sendable {
  /// What a connection is doing.
  enum Activity: Sendable {
    /// Waiting for a request.
    case idle
    /// In the middle of a request.
    case reading
    /// Working on the answer; nothing is late here.
    case answering
    /// Sending.
    case writing
  }

  struct Entry {
    let socket: Socket
    /// What serves the connection.
    var task: Task<Void, Never>?
    var activity = Activity.idle
    var end: ContinuousClock.Instant?
    /// Whether `end` passed; another one may pass as well.
    var isExpired = false
    /// Whether one passed before: nothing can be read any more since.
    var wasLate = false
  }

  private struct State {
    var entries: [Int: Entry] = [:]
    var next = 0
    var isStopping = false
  }

  private static let interval = Duration.milliseconds(250)

  private let state = Mutex(State())

  /// Open connections.
  var count: Int { state.withLock { $0.entries.count } }

  /// Whether connections end after the request that they are at.
  var isStopping: Bool { state.withLock { $0.isStopping } }

  /// Watches a connection from now on.
  func add(_ socket: Socket) -> ConnectionDeadline {
    state.withLock { state in
      state.next += 1
      state.entries[state.next] = Entry(socket: socket)
      return ConnectionDeadline(id: state.next, deadlines: self)
    }
  }

  /// Says what serves a connection, so that it can be ended.
  func attach(_ id: Int, _ task: Task<Void, Never>) {
    state.withLock { $0.entries[id]?.task = task }
  }

  /// Closes a socket and forgets it, in one go: its number may be another connection's at once.
  func close(_ id: Int) {
    state.withLock { state in
      guard let entry = state.entries.removeValue(forKey: id) else { return }
      try? entry.socket.close()
    }
  }

  func set(_ id: Int, _ activity: Activity, seconds: Double?) {
    state.withLock { state in
      state.entries[id]?.activity = activity
      state.entries[id]?.end = seconds.map { .now + .seconds($0) }
      state.entries[id]?.isExpired = false
      // Who begins to wait for a request while the server stops need not.
      if state.isStopping, activity == .idle, let entry = state.entries[id] {
        Self.shutDown(entry)
      }
    }
  }

  func isExpired(_ id: Int) -> Bool { state.withLock { $0.entries[id]?.isExpired ?? true } }

  func wasLate(_ id: Int) -> Bool { state.withLock { $0.entries[id]?.wasLate ?? true } }

  /// Shuts late connections down, until it is cancelled.
  func watch() async {
    while (try? await Task.sleep(for: Self.interval)) != nil {
      let now = ContinuousClock.now
      state.withLock { state in
        for (id, entry) in state.entries {
          guard let end = entry.end, end <= now, !entry.isExpired else { continue }
          state.entries[id]?.isExpired = true
          state.entries[id]?.wasLate = true
          Self.shutDown(entry)
        }
      }
    }
  }

  /// Ends connections that wait for a request, and the others after theirs.
  func beginStop() {
    state.withLock { state in
      state.isStopping = true
      for entry in state.entries.values where entry.activity == .idle { Self.shutDown(entry) }
    }
  }

  /// Ends all connections.
  func shutDownAll() {
    state.withLock { state in
      for entry in state.entries.values { Self.cutOff(entry) }
    }
  }

  /// Whoever reads is told that nothing comes any more, and can still answer; whoever writes is cut off.
  private static func shutDown(_ entry: Entry) {
    guard entry.activity != .writing else { return cutOff(entry) }
    shutdown(entry.socket.file.rawValue, Int32(SHUT_RD))
  }

  /// A shutdown wakes a writer on TCP; on a Unix socket whose buffer is full FlyingSocks can miss the event, but not that
  /// the writer's task is cancelled.
  private static func cutOff(_ entry: Entry) {
    shutdown(entry.socket.file.rawValue, Int32(SHUT_RDWR))
    entry.task?.cancel()
  }
}

/// The deadline of one connection.
struct ConnectionDeadline: Sendable {
  let id: Int
  let deadlines: ConnectionDeadlines

  /// What the connection does from now on, and how long it may.
  func set(_ activity: ConnectionDeadlines.Activity, seconds: Double? = nil) {
    deadlines.set(id, activity, seconds: seconds)
  }

  /// Whether it was shut down for being late with what it does now.
  var isExpired: Bool { deadlines.isExpired(id) }

  /// Whether it was shut down for being late at any time: nothing can be read any more since.
  var wasLate: Bool { deadlines.wasLate(id) }

  /// Says what serves the connection.
  func attach(_ task: Task<Void, Never>) { deadlines.attach(id, task) }

  /// Closes the connection.
  func close() { deadlines.close(id) }
}
