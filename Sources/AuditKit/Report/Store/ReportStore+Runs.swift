import Foundation
import GRDB

extension ReportStore {
  /// Enters a new run with its notices, in state running.
  ///
  /// - Returns: its id.
  public func beginRun(_ run: NewRun, phase: String = "starting") throws(ReportError) -> Int64 {
    try write("Beginning a run") { database in
      let now = Date()
      try database.execute(
        sql: """
          INSERT INTO run (crawlPath, crawlFormat, method, preset, configuration, seed, threads,
            versions, host, state, phase, startedAt, updatedAt)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'running', ?, ?, ?)
          """,
        arguments: [
          run.crawlPath, run.crawlFormat, run.method, run.preset, run.configuration,
          Int64(bitPattern: run.seed), run.threads, try Self.text(run.versions),
          try Self.text(run.host), phase, now, now,
        ])
      let id = database.lastInsertedRowID
      for notice in run.notices { try Self.insert(notice, id, database) }
      return id
    }
  }

  /// Begins a run that has no pairs yet once more, as if it were new: with other settings, and with their notices in place of
  /// all that it had.
  ///
  /// - Throws: `ReportError.noRun`, `.runIsFinished`.
  public func restartRun(
    _ id: Int64, as run: NewRun, phase: String = "starting"
  ) throws(ReportError) {
    try write("Beginning a run again") { database in
      try Self.requireOpenRun(id, database)
      try database.execute(
        sql: """
          UPDATE run SET crawlPath = ?, crawlFormat = ?, method = ?, preset = ?, configuration = ?, seed = ?,
            threads = ?, versions = ?, host = ?, state = 'running', phase = ?, error = NULL, updatedAt = ?,
            finishedAt = NULL
          WHERE id = ?
          """,
        arguments: [
          run.crawlPath, run.crawlFormat, run.method, run.preset, run.configuration,
          Int64(bitPattern: run.seed), run.threads, try Self.text(run.versions),
          try Self.text(run.host), phase, Date(), id,
        ])
      try database.execute(sql: "DELETE FROM notice WHERE runId = ?", arguments: [id])
      for notice in run.notices { try Self.insert(notice, id, database) }
    }
  }

  /// An object of texts as JSON.
  private static func text(_ value: [String: String]) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }

  /// Sets an unfinished run to running again and forgets why it ended.
  ///
  /// What it wrote stays; recording epoch k again replaces it and everything after it.
  /// - Throws: `ReportError.noRun`, `.runIsFinished`.
  public func resumeRun(_ id: Int64, phase: String = "resuming") throws(ReportError) {
    try change(id, "Resuming a run", phase: phase, state: .running)
  }

  /// Tells what a run is doing; call it now and then, since it also shows that the run is alive.
  ///
  /// - Throws: `ReportError.noRun`, `.runIsFinished`.
  public func updateRun(_ id: Int64, phase: String) throws(ReportError) {
    try change(id, "Updating a run", phase: phase, state: .running)
  }

  /// Ends a run before its time; it can be resumed.
  ///
  /// - Throws: `ReportError.noRun`, `.runIsFinished`.
  public func stopRun(_ id: Int64, phase: String? = nil) throws(ReportError) {
    try change(id, "Stopping a run", phase: phase, state: .stopped)
  }

  /// Ends a run with an error; it can be resumed.
  ///
  /// - Throws: `ReportError.noRun`, `.runIsFinished`.
  public func failRun(_ id: Int64, error: String) throws(ReportError) {
    try change(id, "Failing a run", phase: nil, state: .failed, error: error)
  }

  /// Adds what a user should know; the same words are kept once, so that a resumed run may repeat them.
  ///
  /// - Throws: `ReportError.noRun`.
  public func addNotice(
    _ message: String, kind: NoticeRow.Kind, to id: Int64
  ) throws(ReportError) {
    try write("Adding a notice") { database in
      try Self.requireRun(id, database)
      try Self.insert(NewNotice(kind, message), id, database)
    }
  }

  private static func insert(_ notice: NewNotice, _ run: Int64, _ database: Database) throws {
    try database.execute(
      sql: "INSERT OR IGNORE INTO notice (runId, kind, message, createdAt) VALUES (?, ?, ?, ?)",
      arguments: [run, notice.kind.rawValue, notice.message, Date()])
  }

  /// Removes a run and all that belongs to it.
  ///
  /// - Throws: `ReportError.noRun`.
  public func removeRun(_ id: Int64) throws(ReportError) {
    try write("Removing a run") { database in
      try Self.requireRun(id, database)
      // Scores first and in their own order: cascading from each pair takes several times as long.
      try database.execute(sql: "DELETE FROM score WHERE runId = ?", arguments: [id])
      try database.execute(sql: "DELETE FROM run WHERE id = ?", arguments: [id])
    }
  }

  private func change(
    _ id: Int64, _ operation: String, phase: String?, state: RunState, error: String? = nil
  ) throws(ReportError) {
    try write(operation) { database in
      try Self.requireOpenRun(id, database)
      let now = Date()
      try database.execute(
        sql: """
          UPDATE run SET state = ?, phase = ifnull(?, phase), error = ?, updatedAt = ?, finishedAt = ?
          WHERE id = ?
          """,
        arguments: [state.rawValue, phase, error, now, state == .running ? nil : now, id])
    }
  }

  /// Throws `noRun` where there is none.
  static func requireRun(_ id: Int64, _ database: Database) throws {
    _ = try state(of: id, database)
  }

  /// Throws `noRun` where there is none and `runIsFinished` where nothing may change any more.
  static func requireOpenRun(_ id: Int64, _ database: Database) throws {
    if try state(of: id, database) == RunState.finished.rawValue {
      throw ReportError.runIsFinished(id: id)
    }
  }

  /// Number of pairs of a run that may still change.
  static func pairCount(ofOpenRun id: Int64, _ database: Database) throws -> Int {
    try requireOpenRun(id, database)
    return try Int.fetchOne(
      database, sql: "SELECT pairCount FROM run WHERE id = ?", arguments: [id])
      ?? 0
  }

  private static func state(of id: Int64, _ database: Database) throws -> String {
    let state = try String.fetchOne(
      database, sql: "SELECT state FROM run WHERE id = ?", arguments: [id])
    guard let state else { throw ReportError.noRun(id: id) }
    return state
  }
}
