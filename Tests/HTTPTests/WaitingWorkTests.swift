import AuditHTTP
import Synchronization
import Testing

/// Work that waits for a disk, and those who wait for it.
@Suite(.timeLimit(.minutes(20)))
struct WaitingWorkTests {
  private struct Fault: Error {}

  private final class Names: Sendable {
    private let names = Mutex<[String]>([])

    var all: [String] { names.withLock { $0 } }

    func add(_ name: String) { names.withLock { $0.append(name) } }
  }

  @Test func whatItGivesAndThrowsIsPassedOn() async throws {
    let work = WaitingWork()
    #expect(try await work.run { 42 } == 42)
    await #expect(throws: Fault.self) { try await work.run { throw Fault() } }
  }

  @Test func anAnswerThatIsLateDoesNotWaitForADiskThatHangs() async throws {
    let (work, disk, deadlines) = (WaitingWork(), Gate(), AnswerDeadlines())
    let watch = Task { await deadlines.watch() }
    defer { watch.cancel() }
    await #expect(throws: CancellationError.self) {
      try await deadlines.within(.milliseconds(10)) { try await work.run { disk.block() } }
    }
    disk.open()
  }

  @Test func whoeverIsGoneBeforeTheirTurnHasNothingDone() async throws {
    let (work, disk, done) = (WaitingWork(limit: 1), Gate(), Names())
    let first = Task {
      try await work.run {
        disk.block()
        done.add("first")
      }
    }
    while !disk.isAwaited { try await Task.sleep(for: .milliseconds(5)) }
    let second = Task { try await work.run { done.add("second") } }
    let third = Task { try await work.run { done.add("third") } }
    second.cancel()
    await #expect(throws: CancellationError.self) { try await second.value }
    disk.open()
    try await first.value
    try await third.value
    #expect(done.all == ["first", "third"])
  }
}
