import Synchronization

/// Cancels answers that take too long.
///
/// One task looks at all of them four times a second: a timer for each would wake two threads for every request.
package final class AnswerDeadlines: Sendable {
  private struct Entry {
    let end: ContinuousClock.Instant
    let cancel: @Sendable () -> Void
  }

  private struct State {
    var entries: [Int: Entry] = [:]
    var next = 0
  }

  private static let interval = Duration.milliseconds(250)

  private let state = Mutex(State())

  package init() {}

  /// What `work` returns; cancelled where it takes longer than `limit`, which interrupts its queries, and where the caller
  /// is cancelled.
  ///
  /// - Throws: What `work` throws, most often `CancellationError` after a cancellation.
  package func within<Value: Sendable>(
    _ limit: Duration, _ work: @escaping @Sendable () async throws -> Value
  ) async throws -> Value {
    let task = Task(operation: work)
    let id = add(Entry(end: .now + limit, cancel: task.cancel))
    defer { remove(id) }
    return try await withTaskCancellationHandler {
      try await task.value
    } onCancel: {
      task.cancel()
    }
  }

  /// Cancels what is late, until the task that runs it is cancelled.
  package func watch() async {
    while (try? await Task.sleep(for: Self.interval)) != nil {
      let now = ContinuousClock.now
      let late = state.withLock { state in state.entries.values.filter { $0.end <= now } }
      for entry in late { entry.cancel() }
    }
  }

  private func add(_ entry: Entry) -> Int {
    state.withLock { state in
      state.next += 1
      state.entries[state.next] = entry
      return state.next
    }
  }

  private func remove(_ id: Int) {
    state.withLock { state in state.entries[id] = nil }
  }
}
