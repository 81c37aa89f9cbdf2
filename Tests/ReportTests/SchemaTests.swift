import AuditReport
import Foundation
import GRDB
import Testing
import TestSupport

/// The schema in the repository and the one that the migrations make.
struct SchemaTests {
  private static let folder = Repository.root.appending(path: "schemas")

  /// Tables and indices in the order of their making, as SQLite keeps them.
  private func statements(of path: String) throws -> [String] {
    try DatabaseQueue(path: path).read { database in
      try String.fetchAll(
        database,
        sql: """
          SELECT sql FROM sqlite_master
          WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite%' AND name <> 'grdb_migrations'
            AND name NOT GLOB 'pairText_*'
          ORDER BY rowid
          """)
    }
  }

  @Test func schemaFileHoldsWhatTheMigrationsMake() throws {
    let fixture = try ReportFixture()
    let made =
      "-- The report's schema, as its migrations leave it. Written by the tests with RECORD=1.\n\n"
      + (try statements(of: fixture.path)).map { $0 + ";\n" }.joined(separator: "\n")
    let file = Self.folder.appending(path: "report.sql")
    if ProcessInfo.processInfo.environment["RECORD"] == "1" {
      try made.write(to: file, atomically: true, encoding: .utf8)
      Issue.record("recorded \(file.path()); run again without RECORD")
    }
    #expect(try String(contentsOf: file, encoding: .utf8) == made)
  }

  @Test func everyTableAndColumnIsDocumentedAndNothingElse() throws {
    let fixture = try ReportFixture()
    let text = try String(
      contentsOf: Self.folder.appending(path: "report.md"), encoding: .utf8)
    var documented: [String: [String]] = [:]
    var table = ""
    for line in text.split(separator: "\n") {
      if line.hasPrefix("## `") {
        table = String(line.dropFirst(4).prefix { $0 != "`" })
        documented[table] = []
      } else if line.hasPrefix("| `") {
        let cells = line.split(separator: "|")
        documented[table]?.append(cells[0].trimmingCharacters(in: ["`", " "]))
        #expect(
          cells.count >= 2 && cells[cells.count - 1].count > 5, "no description in: \(line)")
      }
    }
    let columns = try DatabaseQueue(path: fixture.path).read { database in
      let tables = try String.fetchAll(
        database,
        sql: """
          SELECT name FROM sqlite_master
          WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name <> 'grdb_migrations'
            AND name NOT GLOB 'pairText_*'
          """)
      return try Dictionary(
        uniqueKeysWithValues: tables.map { ($0, try database.columns(in: $0).map(\.name)) })
    }
    #expect(documented == columns)
  }

  @Test func openingAgainKeepsEverything() throws {
    let fixture = try ReportFixture()
    let run = try fixture.run(pairs: 3)
    try fixture.store.close()
    let again = try ReportStore(path: fixture.path)
    #expect(try again.reader.read { try $0.run(run) }.pairCount == 3)
  }

  @Test func newerReportIsRefusedWithBothVersions() throws {
    let fixture = try ReportFixture()
    try fixture.store.close()
    let queue = try DatabaseQueue(path: fixture.path)
    try queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA user_version = 42") }
    try queue.close()
    let expected = ReportError.newerSchema(path: fixture.path, found: 42, supported: 3)
    #expect(throws: expected) { try ReportStore(path: fixture.path) }
    #expect(throws: expected) { try ReportReader(path: fixture.path) }
    #expect("\(expected)".contains("42") && "\(expected)".contains("3"))
  }

  @Test func migrationOfTheFutureIsRefused() throws {
    let fixture = try ReportFixture()
    try fixture.store.close()
    let queue = try DatabaseQueue(path: fixture.path)
    try queue.write {
      try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('4 something new')")
    }
    try queue.close()
    #expect(throws: ReportError.self) { try ReportStore(path: fixture.path) }
  }

  @Test func otherProgramsDatabaseIsRefusedAndLeftAlone() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("other.sqlite")
    let queue = try DatabaseQueue(path: path)
    try queue.write { try $0.execute(sql: "CREATE TABLE pair (a)") }
    try queue.close()
    let before = try Data(contentsOf: URL(filePath: path))
    #expect(throws: ReportError.self) { try ReportStore(path: path) }
    #expect(throws: ReportError.self) { try ReportReader(path: path) }
    #expect(try Data(contentsOf: URL(filePath: path)) == before)
  }

  @Test func textFileIsRefused() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("notes.txt")
    try String(repeating: "no database\n", count: 100).write(
      toFile: path, atomically: true, encoding: .utf8)
    let expected = ReportError.notAReport(path: path, reason: "it is not an SQLite database")
    #expect(throws: expected) { try ReportStore(path: path) }
    #expect(throws: expected) { try ReportReader(path: path) }
  }

  @Test func missingAndEmptyFilesAreToldApart() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("none.sqlite")
    #expect(throws: ReportError.missing(path: path)) { try ReportReader(path: path) }
    #expect(!FileManager.default.fileExists(atPath: path))
    #expect(FileManager.default.createFile(atPath: path, contents: nil))
    #expect(throws: ReportError.unfinished(path: path)) {
      try ReportReader(path: path)
    }
    _ = try ReportStore(path: path)
    #expect(throws: ReportError.self) { try ReportStore(path: folder.file("no/folder/x.sqlite")) }
  }

  @Test(arguments: [
    "INSERT INTO score VALUES (1, 0, 1.5, NULL, NULL, 0, 1, 0)",
    "INSERT INTO score VALUES (1, 0, 0.5, 0.5, NULL, 0, 1, 0)",
    "INSERT INTO score VALUES (1, 9, 0.5, 0.5, 0.5, 0, 1, 0)",
    "INSERT INTO score VALUES (1, 0, 0.5, 0.5, 0.5, 2, 1, 0)",
    "INSERT INTO score VALUES (1, 0, 'high', 0.5, 0.5, 1, 1, 0)",
    "INSERT INTO notice (runId, kind, message, createdAt) VALUES (5, 'warning', '', '')",
    "INSERT INTO notice (runId, kind, message, createdAt) VALUES (1, 'joke', '', '')",
    "INSERT INTO estimate (runId, name, subject, value) VALUES (1, 'a', 'moon', 1)",
    "INSERT INTO estimate (runId, name, subject, value, low) VALUES (1, 'a', 'crawl', 1, 0)",
    "UPDATE run SET state = 'asleep'", "UPDATE run SET configuration = '{'",
    "UPDATE run SET finishedAt = startedAt", "UPDATE pair SET imageSHA256 = x'00'",
    "UPDATE pair SET key = NULL", "UPDATE pair SET uid = 'abc'",
    "UPDATE pair SET uid = upper('0123456789abcdef0123456789abcdef')",
    "UPDATE pair SET originalWidth = 0", "UPDATE pair SET originalHeight = -1",
    "UPDATE pair SET promisedSHA256 = x'00'",
  ])
  func schemaRefusesNonsense(sql: String) throws {
    let fixture = try ReportFixture()
    _ = try fixture.run(pairs: 1)
    #expect(throws: DatabaseError.self) {
      try DatabaseQueue(path: fixture.path).write { try $0.execute(sql: sql) }
    }
  }
}
