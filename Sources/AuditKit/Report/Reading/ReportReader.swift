import Foundation
import GRDB

/// Reads a report, also while a scan writes it, from this process or another one.
///
/// Safe to use from several threads, which read side by side.
public struct ReportReader: Sendable {
  let database: any DatabaseReader
  /// Where the file is.
  public let path: String

  init(database: any DatabaseReader, path: String) {
    self.database = database
    self.path = path
  }

  /// Opens a report for reading only.
  ///
  /// - Throws: `ReportError.missing`, `.unfinished`, `.notAReport`, `.newerSchema`, `.olderSchema`, `.cannotOpen`.
  public init(path: String) throws(ReportError) { try self.init(path: path) { _ in } }

  init(
    path: String, _ change: (inout Configuration) -> Void
  ) throws(ReportError) {
    guard FileManager.default.fileExists(atPath: path) else { throw .missing(path: path) }
    guard let marks = try ReportFile.inspect(path: path), marks.tableCount > 0 else {
      throw .unfinished(path: path)
    }
    try ReportFile.check(marks, path: path)
    guard marks.version == ReportMigrations.version else {
      throw .olderSchema(
        path: path, found: marks.version, supported: ReportMigrations.version)
    }
    var configuration = ReportFile.configuration(readonly: true)
    change(&configuration)
    do {
      database = try DatabasePool(path: path, configuration: configuration)
    } catch {
      throw .cannotOpen(path: path, reason: ReportError.reason(of: error))
    }
    self.path = path
  }

  /// Reads as often as `body` likes from one and the same state of the report.
  ///
  /// The snapshot must not leave `body`. A long one keeps SQLite's log from being cut back, no more.
  public func read<Value>(_ body: (ReportSnapshot) throws -> Value) throws -> Value {
    do {
      return try database.read { try body(ReportSnapshot(database: $0)) }
    } catch let error as DatabaseError {
      throw ReportError.wrapping(error, operation: "Reading", path: path)
    }
  }
}
