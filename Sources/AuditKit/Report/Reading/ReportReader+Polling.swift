import Foundation
import GRDB

extension ReportReader {
  /// Opens a report for a service: few connections with small caches, since many reports are open.
  ///
  /// - Throws: as `init(path:)`.
  public init(
    path: String, connections: Int, cacheMebibytes: Int
  ) throws(ReportError) {
    self = try ReportReader(path: path) { configuration in
      configuration.maximumReaderCount = connections
      configuration.prepareDatabase { database in
        try database.execute(sql: "PRAGMA cache_size = -\(cacheMebibytes * 1024)")
      }
    }
  }

  /// Reads without blocking the calling thread; a cancelled task interrupts its query.
  ///
  /// - Throws: `ReportError`; `CancellationError`; what `body` throws.
  public func readWithoutBlocking<Value: Sendable>(
    _ body: @escaping @Sendable (ReportSnapshot) throws -> Value
  ) async throws -> Value {
    do {
      return try await database.read { try body(ReportSnapshot(database: $0)) }
    } catch let error as DatabaseError {
      if error.resultCode == .SQLITE_INTERRUPT { throw CancellationError() }
      throw ReportError.wrapping(error, operation: "Reading", path: path)
    }
  }

  /// A reader of the present state, which stays as it is while the report goes on.
  ///
  /// It keeps SQLite's log from being cut back as long as it is held.
  /// - Throws: `ReportError.cannotOpen`.
  public func frozen() throws(ReportError) -> ReportReader {
    guard let pool = database as? DatabasePool else {
      throw ReportError.cannotOpen(path: path, reason: "it is not open as a pool")
    }
    do {
      return ReportReader(database: try pool.makeSnapshot(), path: path)
    } catch {
      throw ReportError.cannotOpen(path: path, reason: ReportError.reason(of: error))
    }
  }
}

/// Tells whether a report has changed, at the price of a look at its shared memory.
public struct ReportWatch: Sendable {
  private let queue: DatabaseQueue
  /// Where the file is.
  public let path: String

  /// Watches the report at `path`, which must be there.
  ///
  /// - Throws: `ReportError.cannotOpen`.
  public init(path: String) throws(ReportError) {
    do {
      queue = try DatabaseQueue(path: path, configuration: ReportFile.configuration(readonly: true))
    } catch {
      throw .cannotOpen(path: path, reason: ReportError.reason(of: error))
    }
    self.path = path
  }

  /// A number that is another one after every commit of anybody else; it means nothing to other watches.
  ///
  /// - Throws: `ReportError.database`.
  public func version() throws(ReportError) -> Int {
    do {
      return try queue.unsafeRead { try Int.fetchOne($0, sql: "PRAGMA data_version") ?? 0 }
    } catch {
      throw .wrapping(error, operation: "Watching", path: path)
    }
  }
}
