import GRDB

extension DatabaseMigrator {
  /// Brings a schema up to date, also where another process does the same meanwhile.
  ///
  /// Each migration is a transaction, but which ones are due is read before it: of two processes, the one
  /// that comes second finds the tables made, and goes on after them.
  package func migrateBesideOthers(_ pool: DatabasePool) throws {
    while true {
      let before = try pool.read { try appliedIdentifiers($0) }
      do {
        return try migrate(pool)
      } catch {
        guard try pool.read({ try appliedIdentifiers($0) }) != before else { throw error }
      }
    }
  }
}
