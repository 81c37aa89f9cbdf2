import AuditLab
import Foundation
import GRDB
import Testing
import TestSupport

/// The lab's schema in the repository and the one that the migrations make.
@Suite struct LabSchemaTests {
  private static let folder = Repository.root.appending(path: "schemas")

  private static func read<Value>(_ body: (Database) throws -> Value) throws -> Value {
    let folder = try TemporaryFolder()
    let store = try LabStore(path: folder.file("lab.sqlite"))
    return try DatabaseQueue(path: store.path).read(body)
  }

  @Test("the file of the schema holds what the migrations make")
  func schema() throws {
    let statements = try Self.read { database in
      try String.fetchAll(
        database,
        sql: """
          SELECT sql FROM sqlite_master
          WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite%' AND name <> 'grdb_migrations'
          ORDER BY rowid
          """)
    }
    let made =
      "-- The lab's schema, as its migrations leave it. Written by the tests with RECORD=1.\n\n"
      + statements.map { $0 + ";\n" }.joined(separator: "\n")
    let file = Self.folder.appending(path: "lab.sql")
    if ProcessInfo.processInfo.environment["RECORD"] == "1" {
      try made.write(to: file, atomically: true, encoding: .utf8)
      Issue.record("recorded \(file.path()); run again without RECORD")
    }
    #expect(try String(contentsOf: file, encoding: .utf8) == made)
  }

  @Test("those who open a new database at once all get it", arguments: 0..<10)
  func openingAtOnce(_ round: Int) async throws {
    let folder = try TemporaryFolder()
    let path = folder.file("lab.sqlite")
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<6 { group.addTask { _ = try LabStore(path: path) } }
      try await group.waitForAll()
    }
    #expect(try LabStore(existing: path).trials().isEmpty)
  }

  @Test("a file that a kill left with the migrator's table alone becomes a database of the lab")
  func migratorsTable() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("lab.sqlite")
    try DatabaseQueue(path: path).write { database in
      try database.execute(
        sql: "CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY)")
    }
    #expect(try LabStore(path: path).trials().isEmpty)
  }

  @Test("every table and column is documented, and nothing else")
  func documentation() throws {
    let text = try String(contentsOf: Self.folder.appending(path: "lab.md"), encoding: .utf8)
    var documented: [String: [String]] = [:]
    var table = ""
    for line in text.split(separator: "\n") {
      if line.hasPrefix("## `") {
        table = String(line.dropFirst(4).prefix { $0 != "`" })
      } else if line.hasPrefix("| `") {
        let name = line.split(separator: "|")[0].trimmingCharacters(in: ["`", " "])
        documented[table, default: []].append(name)
      }
    }
    let columns = try Self.read { database in
      var columns: [String: [String]] = [:]
      for table in ["trial", "measure", "planted", "epoch", "similarity"] {
        columns[table] = try database.columns(in: table).map(\.name)
      }
      return columns
    }
    #expect(documented == columns)
  }

  @Test("another program's database is refused and stays as it was")
  func otherDatabase() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("other.sqlite")
    try DatabaseQueue(path: path).write { try $0.execute(sql: "CREATE TABLE mine (a)") }
    #expect(throws: LabError.self) { try LabStore(path: path) }
    let tables = try DatabaseQueue(path: path).read { database in
      try String.fetchAll(database, sql: "SELECT name FROM sqlite_master")
    }
    #expect(tables == ["mine"])
    #expect(throws: LabError.self) { try LabStore(existing: folder.file("nothing.sqlite")) }
    #expect(!FileManager.default.fileExists(atPath: folder.file("nothing.sqlite")))
  }
}
