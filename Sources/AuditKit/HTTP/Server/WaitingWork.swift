import Dispatch
import Synchronization

/// Work that waits for a disk, kept off the few threads that answer requests.
///
/// A thread that hangs in a read cannot be woken. Whoever is cancelled is therefore told so at once, and the work goes on
/// without them. It takes a limited number of threads, also where a disk does not answer any more.
package final class WaitingWork: Sendable {
  private struct Piece: Sendable {
    let isWanted: @Sendable () -> Bool
    let work: @Sendable () -> Void
  }

  private struct State {
    var running = 0
    var waiting: [Piece] = []
  }

  private let limit: Int
  private let state = Mutex(State())

  /// Threads for work of one kind, which waits for other work of its kind only.
  ///
  /// - Parameter limit: How many there are; more work than that waits its turn.
  package init(limit: Int = 32) { self.limit = limit }

  /// What `work` returns, done on a thread that may wait.
  ///
  /// - Throws: What `work` throws; `CancellationError` as soon as the caller is cancelled. Work that has begun is then done
  ///   to its end; work that has not never is.
  package func run<Value: Sendable>(
    _ work: @escaping @Sendable () throws -> Value
  ) async throws -> Value {
    let answer = WaitedAnswer<Value>()
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        answer.wait(continuation)
        add(Piece(isWanted: { answer.isAwaited }, work: { answer.give(Result(catching: work)) }))
      }
    } onCancel: {
      answer.give(.failure(CancellationError()))
    }
  }

  private func add(_ piece: Piece) {
    let begins = state.withLock { state in
      guard state.running < limit else {
        state.waiting.removeAll { !$0.isWanted() }
        state.waiting.append(piece)
        return false
      }
      state.running += 1
      return true
    }
    if begins { DispatchQueue.global().async { self.perform(piece) } }
  }

  /// Does some work, and after it what waits.
  private func perform(_ first: Piece) {
    var next: Piece? = first
    while let piece = next {
      if piece.isWanted() { piece.work() }
      next = takeNext()
    }
  }

  private func takeNext() -> Piece? {
    state.withLock { state in
      guard !state.waiting.isEmpty else {
        state.running -= 1
        return nil
      }
      return state.waiting.removeFirst()
    }
  }
}

/// An answer that is given once, whoever is first.
private final class WaitedAnswer<Value: Sendable>: Sendable {
  private enum State {
    case new
    case awaited(CheckedContinuation<Value, any Error>)
    case given(Result<Value, any Error>)
    case taken
  }

  private let state = Mutex(State.new)

  /// Whether somebody waits for it still.
  var isAwaited: Bool {
    state.withLock { state in
      if case .awaited = state { return true }
      return false
    }
  }

  /// Passes the answer on when it is given, or at once where it has been.
  func wait(_ continuation: CheckedContinuation<Value, any Error>) {
    let given: Result<Value, any Error>? = state.withLock { state in
      guard case .given(let result) = state else {
        state = .awaited(continuation)
        return nil
      }
      state = .taken
      return result
    }
    if let given { continuation.resume(with: given) }
  }

  func give(_ result: Result<Value, any Error>) {
    let waiting: CheckedContinuation<Value, any Error>? = state.withLock { state in
      switch state {
      case .new:
        state = .given(result)
        return nil
      case .awaited(let continuation):
        state = .taken
        return continuation
      case .given, .taken: return nil
      }
    }
    waiting?.resume(with: result)
  }
}
