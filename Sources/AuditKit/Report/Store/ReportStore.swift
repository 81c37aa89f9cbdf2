import Foundation
import GRDB

/// The report of one crawl: an SQLite file that a scan writes and anyone may read at the same time.
///
/// Every method is one transaction, or a few large ones where it says so: a reader sees a run before or
/// after it, never in between, and a killed process leaves what the last transaction left.
/// Safe to use from several threads; writes queue up.
public struct ReportStore: Sendable {
  let pool: DatabasePool
  /// Where the file is.
  public let path: String

  /// Opens a report for writing, creates it where there is none, and brings its schema up to date.
  ///
  /// - Parameters:
  ///   - path: Where the file is.
  ///   - creating: Whether there may be none yet; false for whoever changes what others made, and may since have deleted.
  /// - Throws: `ReportError.notAReport` for a file of another program, which stays as it was;
  ///   `.newerSchema` for the file of a newer version; `.missing` and `.unfinished` where there is no report that
  ///   could be opened without creating it; `.cannotOpen` for the rest.
  public init(path: String, creating: Bool = true) throws(ReportError) {
    self.path = path
    let before = try ReportFile.inspect(path: path)
    if let before { try ReportFile.check(before, path: path) }
    // SQLite makes the file where GRDB opens one to write; between this look and that lie microseconds.
    if !creating, (before?.tableCount ?? 0) == 0 {
      throw FileManager.default.fileExists(atPath: path)
        ? ReportError.unfinished(path: path) : ReportError.missing(path: path)
    }
    do {
      pool = try DatabasePool(path: path, configuration: ReportFile.configuration())
      try ReportMigrations.migrator.migrateBesideOthers(pool)
    } catch {
      throw ReportError.cannotOpen(path: path, reason: ReportError.reason(of: error))
    }
  }

  /// Reads from this store's connections.
  public var reader: ReportReader { ReportReader(database: pool, path: path) }

  /// Closes the file, so that it is one file again; the store is of no use afterwards.
  ///
  /// - Throws: `ReportError.database` while a reader is at work.
  public func close() throws(ReportError) {
    // The connection that is closed last takes the log away, and one that only reads cannot.
    pool.releaseMemory()
    do { try pool.close() } catch {
      throw ReportError.database(
        path: path, operation: "Closing", reason: ReportError.reason(of: error))
    }
  }

  /// Runs one transaction; SQLite's errors get the operation's name and the path.
  func write<Value>(
    _ operation: String, _ body: (Database) throws -> Value
  ) throws(ReportError) -> Value {
    do {
      return try pool.write(body)
    } catch {
      throw ReportError.wrapping(error, operation: operation, path: path)
    }
  }

  /// Moves what was written into the main file and syncs both, so that a power cut cannot take it back.
  ///
  /// Best effort: a reader with an old snapshot may hold it up, and then the next one does it.
  func settle() {
    pool.writeWithoutTransaction { database in
      _ = try? database.checkpoint(.passive)
    }
  }
}

extension ReportError {
  /// SQLite's words, or the error's own.
  static func reason(of error: any Error) -> String {
    (error as? DatabaseError).map { $0.message ?? $0.resultCode.description } ?? "\(error)"
  }

  /// Passes errors of this room on and explains SQLite's.
  static func wrapping(_ error: any Error, operation: String, path: String) -> ReportError {
    error as? ReportError
      ?? .database(path: path, operation: operation, reason: reason(of: error))
  }
}
