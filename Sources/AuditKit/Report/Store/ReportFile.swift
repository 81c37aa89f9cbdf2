import Foundation
import GRDB

/// What a file says of itself before it is opened as a report.
enum ReportFile {
  /// The marks in a database's header and its number of tables.
  struct Marks: Sendable {
    let applicationID: Int
    let version: Int
    let tableCount: Int
    let isSuperseded: Bool
  }

  /// Settings of every connection.
  static func configuration(readonly: Bool = false) -> Configuration {
    var configuration = Configuration()
    configuration.label = "report"
    configuration.readonly = readonly
    configuration.foreignKeysEnabled = true
    // Another process may write a large batch of its own run meanwhile.
    configuration.busyMode = .timeout(60)
    configuration.prepareDatabase { database in
      // 16 MiB keep the inner pages of a million rows' trees in memory: an epoch visits all of them in
      // order, an export by risk at random.
      try database.execute(sql: "PRAGMA cache_size = -16384")
      guard !readonly else { return }
      // An epoch of a large crawl swells the log; it is cut back once it is in the main file.
      try database.execute(sql: "PRAGMA journal_size_limit = 67108864")
    }
    return configuration
  }

  /// Reads the marks without changing anything; nil where there is no file or an empty one.
  static func inspect(path: String) throws(ReportError) -> Marks? {
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    guard let size = attributes?[.size] as? Int, size > 0 else { return nil }
    do {
      let queue = try DatabaseQueue(path: path, configuration: configuration(readonly: true))
      return try queue.read { database in
        Marks(
          applicationID: try Int.fetchOne(database, sql: "PRAGMA application_id") ?? 0,
          version: try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0,
          // A kill right after the file was made leaves the migrator's own table and no more.
          tableCount: try Int.fetchOne(
            database,
            sql: "SELECT count(*) FROM sqlite_master WHERE tbl_name <> 'grdb_migrations'") ?? 0,
          isSuperseded: try ReportMigrations.migrator.hasBeenSuperseded(database))
      }
    } catch let error as DatabaseError where error.resultCode == .SQLITE_NOTADB {
      throw .notAReport(path: path, reason: "it is not an SQLite database")
    } catch {
      throw .cannotOpen(path: path, reason: ReportError.reason(of: error))
    }
  }

  /// Refuses other programs' databases and newer reports.
  static func check(_ marks: Marks, path: String) throws(ReportError) {
    if marks.tableCount > 0, marks.applicationID != ReportMigrations.applicationID {
      throw .notAReport(path: path, reason: "it is another program's SQLite database")
    }
    if marks.version > ReportMigrations.version || marks.isSuperseded {
      throw .newerSchema(
        path: path, found: marks.version, supported: ReportMigrations.version)
    }
  }
}
