import Synchronization

/// Answers that are asked for again, as long as what they were made of has not changed.
final class AnswerCache<Value: Sendable>: Sendable {
  private struct Entry {
    let version: String
    let value: Value
    let byteCount: Int
    var lastUse: Int
  }

  private struct State {
    var entries: [String: Entry] = [:]
    var byteCount = 0
    var clock = 0
  }

  private let state = Mutex(State())
  private let maximumByteCount: Int

  init(maximumByteCount: Int) { self.maximumByteCount = maximumByteCount }

  /// The answer to `question`, if it was made of `version`.
  func value(_ question: String, version: String) -> Value? {
    state.withLock { state in
      guard let entry = state.entries[question], entry.version == version else { return nil }
      state.clock += 1
      state.entries[question]?.lastUse = state.clock
      return entry.value
    }
  }

  /// The answer to `question` that was made of `version`, or what `make` gives, which is kept.
  func value(
    _ question: String, version: String, byteCount: (Value) -> Int,
    make: () async throws -> Value
  ) async throws -> Value {
    if let known = value(question, version: version) { return known }
    let value = try await make()
    keep(value, for: question, version: version, byteCount: byteCount(value))
    return value
  }

  /// Keeps an answer; the ones that were not asked for longest make room.
  func keep(_ value: Value, for question: String, version: String, byteCount: Int) {
    let cost = byteCount + question.utf8.count + 128
    guard cost <= maximumByteCount else { return }
    state.withLock { state in
      state.clock += 1
      if let old = state.entries[question] { state.byteCount -= old.byteCount }
      state.entries[question] = Entry(
        version: version, value: value, byteCount: cost, lastUse: state.clock)
      state.byteCount += cost
      guard state.byteCount > maximumByteCount else { return }
      // A quarter at once, so that a full cache is not sorted for every answer.
      for (key, entry) in state.entries.sorted(by: { $0.value.lastUse < $1.value.lastUse }) {
        guard state.byteCount > maximumByteCount * 3 / 4, key != question else { break }
        state.entries[key] = nil
        state.byteCount -= entry.byteCount
      }
    }
  }
}
