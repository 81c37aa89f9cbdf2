import AuditHTTP
import Testing

@Suite(.timeLimit(.minutes(20))) struct AnswerDeadlinesTests {
  private struct Fault: Error {}

  /// Runs `body` while somebody watches.
  private func watched<Value: Sendable>(
    _ body: @escaping @Sendable (AnswerDeadlines) async throws -> Value
  ) async throws -> Value {
    let deadlines = AnswerDeadlines()
    let watch = Task { await deadlines.watch() }
    defer { watch.cancel() }
    return try await body(deadlines)
  }

  @Test("what is in time is answered, and its errors are its own")
  func inTime() async throws {
    let value = try await watched { try await $0.within(.seconds(60)) { 42 } }
    #expect(value == 42)
    await #expect(throws: Fault.self) {
      try await watched { try await $0.within(.seconds(60)) { throw Fault() } }
    }
  }

  @Test("what is late is cancelled, and nothing else")
  func late() async throws {
    try await watched { deadlines in
      async let other = deadlines.within(.seconds(60)) {
        try await Task.sleep(for: .seconds(1))
        return true
      }
      await #expect(throws: CancellationError.self) {
        try await deadlines.within(.milliseconds(10)) { try await Task.sleep(for: .seconds(600)) }
      }
      let isDone = try await other
      #expect(isDone)
    }
  }

  @Test("whoever asks and is cancelled cancels the answer, watched or not")
  func callerCancelled() async {
    let asking = Task {
      try await AnswerDeadlines().within(.seconds(600)) { try await Task.sleep(for: .seconds(600)) }
    }
    asking.cancel()
    await #expect(throws: CancellationError.self) { try await asking.value }
  }
}
