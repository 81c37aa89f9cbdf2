import AuditReport
import Foundation
import GRDB
import Synchronization
import Testing
import TestSupport

struct ConcurrencyTests {
  /// In epoch e every pair has the same risk e / 100, and it is safe just when e is even: a mixture of
  /// two states shows.
  fileprivate static func scores(_ epoch: Int, _ count: Int) -> (PairScores, SafeSetBitmap) {
    let risk = Double(epoch % 100) / 100
    return (
      PairScores(
        similarities: [Float](repeating: Float(epoch % 100) / 100, count: count),
        posteriors: [Double](repeating: 1 - risk, count: count),
        risks: [Double](repeating: risk, count: count)),
      SafeSetBitmap([Bool](repeating: epoch.isMultiple(of: 2), count: count))
    )
  }

  private static func expectOneState(_ report: ReportSnapshot, _ run: Int64, _ count: Int) throws {
    let record = try report.run(run)
    let epochs = try report.epochs(of: run)
    let pairs = try report.pairs(of: run, PairQuery(order: .ordinal, limit: count)).pairs
    let last = epochs.last?.number
    #expect(record.scoredEpoch == last)
    #expect(epochs.map(\.number) == Array(0..<(last.map { $0 + 1 } ?? 0)))
    #expect(pairs.count == count)
    #expect(Set(pairs.map { $0.score?.risk }) == [last.map { Double($0 % 100) / 100 }])
    #expect(Set(pairs.map { $0.score?.isSafe }) == [last.map { $0.isMultiple(of: 2) }])
    if let last {
      #expect(
        try report.safeSet(of: run, epoch: last)?.count == (last.isMultiple(of: 2) ? count : 0))
      #expect(try report.safeSetHistory(of: run, ordinal: count - 1).count == last + 1)
    }
  }

  @Test(arguments: 0..<10)
  func thoseWhoOpenANewReportAtOnceAllGetIt(_ round: Int) async throws {
    let folder = try TemporaryFolder()
    let path = folder.file("report.sqlite")
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<6 {
        group.addTask { try ReportStore(path: path).close() }
      }
      try await group.waitForAll()
    }
    #expect(try ReportReader(path: path).read { try $0.runs() }.isEmpty)
  }

  @Test func readersSeeWholeEpochsWhileARunWrites() throws {
    let count = 3000
    let fixture = try ReportFixture()
    let run = try fixture.run(pairs: count)
    let outside = try ReportReader(path: fixture.path)
    let isDone = Mutex(false)
    let failure = Mutex<(any Error)?>(nil)
    let writer = Thread {
      do {
        for epoch in 0..<20 {
          let (scores, safeSet) = Self.scores(epoch, count)
          try fixture.store.recordEpoch(.make(epoch), of: run, scores: scores, safeSet: safeSet)
        }
      } catch {
        failure.withLock { $0 = error }
      }
      isDone.withLock { $0 = true }
    }
    writer.start()
    while !isDone.withLock({ $0 }) {
      try outside.read { try Self.expectOneState($0, run, count) }
      try fixture.store.reader.read { try Self.expectOneState($0, run, count) }
    }
    #expect(failure.withLock { $0 } == nil)
    try outside.read { (report) throws in
      try Self.expectOneState(report, run, count)
      #expect(try report.epochs(of: run).count == 20)
    }
  }

  @Test func snapshotStaysWhatItWas() throws {
    let fixture = try ReportFixture()
    let run = try fixture.run(pairs: 2)
    try fixture.read { (report) throws in
      #expect(try report.epochs(of: run).isEmpty)
      try fixture.store.recordEpoch(.make(0), of: run)
      #expect(try report.epochs(of: run).isEmpty)
    }
    #expect(try fixture.read { try $0.epochs(of: run) }.count == 1)
  }

  @Test func readOnlyReaderCannotWrite() throws {
    let fixture = try ReportFixture()
    let reader = try ReportReader(path: fixture.path)
    #expect(throws: (any Error).self) {
      try reader.read { try $0.database.execute(sql: "DELETE FROM run") }
    }
  }

  @Test(arguments: 1...6)
  func killedWriterLeavesWholeEpochs(attempt: Int) async throws {
    let count = 3000
    let fixture = try ReportFixture()
    let run = try fixture.run(pairs: count)
    try fixture.store.close()
    let path = fixture.path
    await #expect(processExitsWith: .signal(SIGKILL)) {
      [path = path as String, run = run as Int64, attempt = attempt as Int] in
      let store = try ReportStore(path: path)
      let killer = Thread {
        Thread.sleep(forTimeInterval: 0.013 * Double(attempt))
        kill(getpid(), SIGKILL)
      }
      killer.start()
      for epoch in 0... {
        let (scores, safeSet) = ConcurrencyTests.scores(epoch, 3000)
        try store.recordEpoch(.make(epoch), of: run, scores: scores, safeSet: safeSet)
      }
    }
    try Self.expectRecovery(path, run, count)
  }

  private static func expectRecovery(_ path: String, _ run: Int64, _ count: Int) throws {
    let queue = try DatabaseQueue(path: path)
    #expect(
      try queue.read { try String.fetchAll($0, sql: "PRAGMA integrity_check") } == ["ok"])
    #expect(try queue.read { try Row.fetchAll($0, sql: "PRAGMA foreign_key_check") }.isEmpty)
    try queue.close()
    let store = try ReportStore(path: path)
    try store.reader.read { try expectOneState($0, run, count) }
    #expect(try store.reader.read { try $0.run(run) }.state == .running)
    // The run goes on from an older checkpoint, as if nothing had been.
    try store.resumeRun(run)
    let (scores, safeSet) = scores(0, count)
    try store.recordEpoch(.make(0), of: run, scores: scores, safeSet: safeSet)
    try store.reader.read { try expectOneState($0, run, count) }
  }

  /// What a power cut may leave: the files as they were at one moment, in the middle of a transaction.
  @Test func copyTakenInTheMiddleOfATransactionIsWhole() throws {
    let count = 2000
    let fixture = try ReportFixture()
    let run = try fixture.run(pairs: count)
    let (scores, safeSet) = Self.scores(0, count)
    try fixture.store.recordEpoch(.make(0), of: run, scores: scores, safeSet: safeSet)
    let queue = try DatabaseQueue(path: fixture.path)
    try queue.writeWithoutTransaction { database in
      // A tiny cache spills the unfinished transaction into the log.
      try database.execute(sql: "PRAGMA cache_size = 4; BEGIN")
      try database.execute(sql: "UPDATE score SET risk = 1, isSafe = 0")
      for suffix in ["", "-wal"] {
        try FileManager.default.copyItem(
          atPath: fixture.path + suffix, toPath: fixture.folder.file("copy") + suffix)
      }
      try database.execute(sql: "ROLLBACK")
    }
    let copy = fixture.folder.file("copy")
    let log = try FileManager.default.attributesOfItem(atPath: copy + "-wal")[.size] as? Int
    #expect(try #require(log) > 0)
    let opened = try DatabaseQueue(path: copy)
    #expect(
      try opened.read { try String.fetchAll($0, sql: "PRAGMA integrity_check") } == ["ok"])
    try opened.close()
    try ReportReader(path: copy).read { try Self.expectOneState($0, run, count) }
  }
}
