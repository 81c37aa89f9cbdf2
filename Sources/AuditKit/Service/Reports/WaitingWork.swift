import Dispatch

/// Work that waits for a disk, kept off the few threads that answer requests.
enum WaitingWork {
  /// Does it on a thread that may wait.
  static func run<Value: Sendable>(
    _ work: @escaping @Sendable () throws -> Value
  ) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
      DispatchQueue.global().async { continuation.resume(with: Result(catching: work)) }
    }
  }
}
