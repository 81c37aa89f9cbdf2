import AuditReport
import Foundation
import GRDB
import Testing
import TestSupport

@Suite struct UnfinishedFileTests {
  private func withDatabase(
    _ sql: String, _ body: (_ path: String) throws -> Void
  ) throws {
    let folder = try TemporaryFolder()
    let path = folder.file("unfinished.sqlite")
    try DatabaseQueue(path: path).write { try $0.execute(sql: sql) }
    try body(path)
  }

  private static let migrations =
    "CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY);"

  @Test("a file that a kill left with the migrator's table alone becomes a report")
  func migratorsTable() throws {
    try withDatabase(Self.migrations) { path in
      #expect(throws: ReportError.unfinished(path: path)) { try ReportReader(path: path) }
      let store = try ReportStore(path: path)
      #expect(try store.reader.read { try $0.runs() }.isEmpty)
      try store.close()
      #expect(try ReportReader(path: path).read { try $0.runs() }.isEmpty)
    }
  }

  @Test("another program's database is refused, though it has such a table as well")
  func otherProgram() throws {
    try withDatabase(Self.migrations + "CREATE TABLE player (id INTEGER PRIMARY KEY);") { path in
      #expect(throws: ReportError.self) { try ReportStore(path: path) }
    }
  }
}
