import AuditReport
import Foundation
import GRDB

/// The lab's database: an SQLite file with a row for each trial, what was planted in it, and what was
/// measured.
public struct LabStore: Sendable {
  private let pool: DatabasePool
  /// Where the file is.
  public let path: String

  /// Opens the file for writing, and creates it where there is none.
  ///
  /// - Throws: `LabError.unusableDatabase`.
  public init(path: String) throws(LabError) {
    self.path = path
    do {
      var configuration = Configuration()
      configuration.busyMode = .timeout(60)
      pool = try DatabasePool(path: path, configuration: configuration)
      let isOther = try pool.read { database in
        // A file that is being made, or whose making was killed, has the migrator's own table and no more.
        let tables =
          try Int.fetchOne(
            database,
            sql: "SELECT count(*) FROM sqlite_master WHERE tbl_name <> 'grdb_migrations'") ?? 0
        let mark = try Int.fetchOne(database, sql: "PRAGMA application_id")
        return tables > 0 && mark != LabMigrations.applicationID
      }
      guard !isOther else {
        throw LabError.unusableDatabase(path: path, reason: "it is another program's")
      }
      try LabMigrations.migrator.migrateBesideOthers(pool)
    } catch let error as LabError {
      throw error
    } catch {
      throw LabError(error, path: path)
    }
  }

  /// Opens a file that is there.
  ///
  /// - Throws: `LabError.unusableDatabase`.
  public init(existing path: String) throws(LabError) {
    guard FileManager.default.fileExists(atPath: path) else {
      throw .unusableDatabase(path: path, reason: "there is no such file")
    }
    try self.init(path: path)
  }

  /// Closes the file, so that it is one file again.
  func close() {
    // So that the connection that is closed last can take the log away.
    pool.releaseMemory()
    try? pool.close()
  }

  /// All trials in the order in which they began.
  ///
  /// - Throws: `LabError.unusableDatabase`.
  public func trials() throws(LabError) -> [TrialRecord] {
    try read { database in
      try TrialRecord.fetchAll(database, sql: "SELECT * FROM trial ORDER BY id")
    }
  }

  /// What finished trials are told by.
  func finishedFingerprints() throws(LabError) -> Set<String> {
    try read { database in
      try String.fetchSet(
        database, sql: "SELECT fingerprint FROM trial WHERE state = 'finished'")
    }
  }

  /// What a trial measured.
  ///
  /// - Throws: `LabError.unusableDatabase`.
  public func measures(of trial: Int64) throws(LabError) -> [MeasureRow] {
    try read { database in
      try MeasureRow.fetchAll(
        database,
        sql: "SELECT name, subject, value, low, high FROM measure WHERE trialId = ? ORDER BY rowid",
        arguments: [trial])
    }
  }

  /// What was planted for a trial, with what its scan thinks of it.
  ///
  /// - Throws: `LabError.unusableDatabase`.
  public func planted(of trial: Int64) throws(LabError) -> [PlantedRecord] {
    try read { database in
      try PlantedRecord.fetchAll(
        database, sql: "SELECT * FROM planted WHERE trialId = ? ORDER BY rank", arguments: [trial])
    }
  }

  /// What the model was worth after each epoch of a trial, in order.
  ///
  /// - Throws: `LabError.unusableDatabase`.
  public func epochs(of trial: Int64) throws(LabError) -> [TrialEpoch] {
    try read { database in
      try TrialEpoch.fetchAll(
        database, sql: "SELECT * FROM epoch WHERE trialId = ? ORDER BY number", arguments: [trial])
    }
  }

  /// Notes what the model is worth after an epoch, in the place of what was noted of it before.
  func record(_ epoch: TrialEpoch, of trial: Int64) throws(LabError) {
    try write { database in
      try database.execute(
        sql: """
          INSERT OR REPLACE INTO epoch
            (trialId, number, stage, attackSuccess, zeroShotAccuracy, recallAt10,
              trainingSeconds, scoringSeconds)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?)
          """,
        arguments: [
          trial, epoch.number, epoch.stage, epoch.attackSuccess, epoch.zeroShotAccuracy,
          epoch.recallAt10, epoch.trainingSeconds, epoch.scoringSeconds,
        ])
    }
  }

  /// Takes away what an earlier attempt noted of a trial that begins anew.
  func forgetEpochs(of trial: Int64) throws(LabError) {
    try write { database in
      for table in ["epoch", "similarity"] {
        try database.execute(sql: "DELETE FROM \(table) WHERE trialId = ?", arguments: [trial])
      }
    }
  }

  /// Enters a trial, or takes it up again; nil where it is finished.
  func begin(_ trial: Trial, crawl: String) throws(LabError) -> Int64? {
    try write { database in
      let earlier = try Row.fetchOne(
        database, sql: "SELECT id, state FROM trial WHERE fingerprint = ?",
        arguments: [trial.fingerprint])
      if let earlier {
        guard earlier["state"] != TrialState.finished.rawValue else { return nil }
        try database.execute(
          sql: "UPDATE trial SET state = 'running', error = NULL, finishedAt = NULL WHERE id = ?",
          arguments: [earlier["id"]])
        return earlier["id"]
      }
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      try database.execute(
        sql: """
          INSERT INTO trial
            (fingerprint, crawl, attack, attackName, method, setup, seed, state, startedAt)
          VALUES (?, ?, ?, ?, ?, ?, ?, 'running', ?)
          """,
        arguments: [
          trial.fingerprint, crawl,
          String(decoding: try encoder.encode(trial.attack), as: UTF8.self),
          trial.attackName, trial.method, try trial.setup.json(),
          Int64(bitPattern: trial.seed), Date(),
        ])
      return database.lastInsertedRowID
    }
  }

  /// Ends a trial with its results, all or none of them.
  func finish(
    _ id: Int64, _ outcome: TrialOutcome, configuration: String, report: String
  ) throws(LabError) {
    try write { database in
      for table in ["measure", "planted"] {
        try database.execute(sql: "DELETE FROM \(table) WHERE trialId = ?", arguments: [id])
      }
      for measure in outcome.measures {
        try database.execute(
          sql:
            "INSERT INTO measure (trialId, name, subject, value, low, high) VALUES (?, ?, ?, ?, ?, ?)",
          arguments: [
            id, measure.name, measure.subject, measure.value, measure.low, measure.high,
          ])
      }
      for planted in outcome.planted {
        try database.execute(
          sql: """
            INSERT INTO planted (trialId, key, change, target, className, rank, isSafe)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """,
          arguments: [
            id, planted.key, planted.change, planted.target, planted.className, planted.rank,
            planted.isSafe,
          ])
      }
      for safeSet in outcome.safeSets {
        try database.execute(
          sql: """
            UPDATE epoch SET safeShare = ?, plantedInSafeSet = ? WHERE trialId = ? AND number = ?
            """,
          arguments: [
            safeSet.share, Double(safeSet.planted) / Double(max(1, outcome.planted.count)), id,
            safeSet.number,
          ])
      }
      try database.execute(
        sql: """
          UPDATE trial SET state = 'finished', finishedAt = ?, pairs = ?, seconds = ?,
            configuration = ?, report = ?, error = NULL WHERE id = ?
          """,
        arguments: [Date(), outcome.pairs, outcome.seconds, configuration, report, id])
    }
  }

  /// Notes why a trial did not end.
  func fail(_ id: Int64, error: String) throws(LabError) {
    try write { database in
      try database.execute(
        sql: "UPDATE trial SET state = 'failed', finishedAt = ?, error = ? WHERE id = ?",
        arguments: [Date(), error, id])
    }
  }

  func read<Value>(_ body: (Database) throws -> Value) throws(LabError) -> Value {
    do { return try pool.read(body) } catch { throw LabError(error, path: path) }
  }

  func write<Value>(_ body: (Database) throws -> Value) throws(LabError) -> Value {
    do { return try pool.write(body) } catch { throw LabError(error, path: path) }
  }
}

extension LabError {
  /// SQLite's words, or the error's own.
  fileprivate init(_ error: any Error, path: String) {
    let reason = (error as? DatabaseError)?.message ?? "\(error)"
    self = .unusableDatabase(path: path, reason: reason)
  }
}
