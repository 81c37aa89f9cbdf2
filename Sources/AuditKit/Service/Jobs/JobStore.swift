import Foundation
import GRDB

/// The jobs of a service, kept in a small database beside the reports.
struct JobStore: Sendable {
  /// The database's name in the report folder, without its ending.
  static let name = "auditd"

  private let queue: DatabaseQueue

  /// Opens the database, and makes it where there is none.
  init(folder: String) throws {
    var configuration = Configuration()
    configuration.busyMode = .timeout(10)
    queue = try DatabaseQueue(path: "\(folder)/\(Self.name).sqlite", configuration: configuration)
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1 jobs") { database in
      try database.execute(
        sql: """
          CREATE TABLE job (
            report TEXT NOT NULL PRIMARY KEY,
            request TEXT NOT NULL CHECK (json_valid(request)),
            idempotencyKey TEXT UNIQUE,
            submittedAt TEXT NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'stopped', 'failed', 'finished')),
            resumes INTEGER NOT NULL CHECK (resumes IN (0, 1)),
            startedAt TEXT,
            endedAt TEXT,
            error TEXT
          ) STRICT
          """)
    }
    migrator.registerMigration("2 reports that were there") { database in
      try database.execute(
        sql: """
          ALTER TABLE job ADD COLUMN hadReport INTEGER NOT NULL DEFAULT 0 CHECK (hadReport IN (0, 1));
          UPDATE job SET hadReport = 1 WHERE state = 'finished' OR resumes = 1;
          """)
    }
    migrator.registerMigration("3 bodies of submissions") { database in
      try database.execute(sql: "ALTER TABLE job ADD COLUMN bodyDigest TEXT")
    }
    try migrator.migrate(queue)
  }

  /// All jobs, oldest first.
  func jobs() throws -> [Job] {
    try queue.read { try Job.fetchAll($0, sql: "SELECT * FROM job ORDER BY submittedAt, report") }
  }

  /// The job that makes a report.
  func job(_ report: String) throws -> Job? {
    try queue.read {
      try Job.fetchOne($0, sql: "SELECT * FROM job WHERE report = ?", arguments: [report])
    }
  }

  /// The job that a key was given to, and the digest of the body that came with it.
  func job(idempotencyKey key: String) throws -> (Job, bodyDigest: String?)? {
    try queue.read { database in
      let row = try Row.fetchOne(
        database, sql: "SELECT * FROM job WHERE idempotencyKey = ?", arguments: [key])
      return try row.map { (try Job(row: $0), $0["bodyDigest"]) }
    }
  }

  func insert(_ job: Job, key: SubmissionKey?) throws {
    let request = String(decoding: try JSONEncoder().encode(job.request), as: UTF8.self)
    try queue.write { database in
      try database.execute(
        sql: """
          INSERT INTO job (
            report, request, idempotencyKey, bodyDigest, submittedAt, state, resumes
          ) VALUES (?, ?, ?, ?, ?, ?, ?)
          """,
        arguments: [
          job.report, request, key?.text, key?.bodyDigest, job.submittedAt, job.state.rawValue,
          job.resumes,
        ])
    }
  }

  /// Writes what can change of a job.
  func update(_ job: Job) throws {
    try queue.write { database in
      try database.execute(
        sql: """
          UPDATE job SET state = ?, resumes = ?, startedAt = ?, endedAt = ?, error = ?, hadReport = ?
          WHERE report = ?
          """,
        arguments: [
          job.state.rawValue, job.resumes, job.startedAt, job.endedAt, job.error, job.hadReport,
          job.report,
        ])
    }
  }

  /// Forgets a job, and with it the key that it was submitted with.
  func delete(_ report: String) throws {
    try queue.write {
      try $0.execute(sql: "DELETE FROM job WHERE report = ?", arguments: [report])
    }
  }

  /// Whether the database can be written to.
  func check() throws {
    try queue.write { try $0.execute(sql: "UPDATE job SET state = state WHERE report = ''") }
  }
}

extension Job: FetchableRecord {
  init(row: Row) throws {
    report = row["report"]
    request = try JSONDecoder().decode(JobRequest.self, from: Data((row["request"] as String).utf8))
    submittedAt = row["submittedAt"]
    // A CHECK constrains it; a later version's state is best left alone.
    state = State(rawValue: row["state"]) ?? .stopped
    resumes = row["resumes"]
    startedAt = row["startedAt"]
    endedAt = row["endedAt"]
    error = row["error"]
    hadReport = row["hadReport"]
  }
}
