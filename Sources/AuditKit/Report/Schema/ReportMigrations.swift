import GRDB

/// The schema's history, oldest first.
///
/// A migration is never edited once it has shipped; `schemas/report.sql` holds what they add up to.
enum ReportMigrations {
  /// The version that this build writes and reads: the number of migrations.
  static let version = 3

  /// Marks a file as a report in SQLite's header (`PRAGMA application_id`): "AuRp" in ASCII.
  static let applicationID = 0x4175_5270

  static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1 runs, pairs, scores, epochs") { database in
      try database.execute(sql: "PRAGMA application_id = \(applicationID)")
      for statement in initialTables { try database.execute(sql: statement) }
      try database.execute(sql: "PRAGMA user_version = 1")
    }
    migrator.registerMigration("2 verdicts, search") { database in
      for statement in reviewStatements { try database.execute(sql: statement) }
      try database.execute(sql: "PRAGMA user_version = 2")
    }
    migrator.registerMigration("3 origins") { database in
      for statement in originStatements { try database.execute(sql: statement) }
      try database.execute(sql: "PRAGMA user_version = 3")
    }
    return migrator
  }
}
