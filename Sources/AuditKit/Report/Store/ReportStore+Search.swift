import GRDB

extension ReportStore {
  /// Adds the texts of a run's pairs to the full-text index, as far as they are not in it; several transactions.
  ///
  /// The rows of a run are indexed in their order, so that the last one tells where to go on.
  func indexTexts(of run: Int64) throws(ReportError) {
    let first = run * ReportMigrations.pairsPerRun
    let last = first + ReportMigrations.pairsPerRun - 1
    var isWhole = false
    while !isWhole {
      isWhole = try write("Indexing captions") { database in
        let done = try Int64.fetchOne(
          database, sql: "SELECT max(id) FROM pairText_docsize WHERE id BETWEEN ? AND ?",
          arguments: [first, last])
        try database.execute(
          sql: """
            INSERT INTO pairText(rowid, key, caption)
            SELECT id, key, caption FROM pair WHERE id > ? AND id <= ? ORDER BY id LIMIT ?
            """,
          arguments: [done ?? first - 1, last, Self.batchSize])
        return database.changesCount < Self.batchSize
      }
    }
  }
}
