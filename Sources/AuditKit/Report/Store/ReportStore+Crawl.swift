import Foundation
import GRDB

extension ReportStore {
  /// Rows in one transaction: enough to make its cost small, few enough not to hold up other writers.
  static let batchSize = 16_384

  /// Writes all pairs of a run in the crawl's order; their places in the list are their ordinals.
  ///
  /// The same list again changes nothing, so that a resumed run keeps its scores and epochs; another
  /// list replaces them all. Several transactions: `pairCount` is 0 until the last one.
  /// - Throws: `ReportError.noRun`, `.runIsFinished`.
  /// - Returns: whether anything was written.
  /// - Complexity: O(N).
  @discardableResult
  public func replacePairs(
    of run: Int64, with pairs: some Collection<PairRecord>
  ) throws(ReportError) -> Bool {
    guard try !holds(pairs, of: run) else { return false }
    try write("Replacing pairs") { database in
      try Self.requireOpenRun(run, database)
      try database.execute(
        sql: "UPDATE run SET pairCount = 0, scoredEpoch = NULL WHERE id = ?", arguments: [run])
      for table in ["score", "estimate", "epoch", "pair"] {
        try database.execute(sql: "DELETE FROM \(table) WHERE runId = ?", arguments: [run])
      }
    }
    var next = 0
    try inBatches(pairs) { (batch) throws(ReportError) in
      try write("Writing pairs") { database in
        let insert = try database.cachedStatement(
          sql: """
            INSERT INTO pair (id, runId, ordinal, key, caption, sourcePath, sourceMember,
              sourceOffset, sourceLength, imageWidth, imageHeight, imageSHA256, url, uid,
              originalWidth, originalHeight, promisedSHA256)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """)
        for pair in batch.lazy.map(\.storable) {
          insert.setUncheckedArguments([
            run * ReportMigrations.pairsPerRun + Int64(next), run, next, pair.key, pair.caption,
            pair.sourcePath, pair.sourceMember,
            pair.sourceOffset, pair.sourceLength, pair.imageWidth, pair.imageHeight,
            pair.imageSHA256.map { Data($0) }, pair.url, pair.uid, pair.originalWidth,
            pair.originalHeight, pair.promisedSHA256.map { Data($0) },
          ])
          try insert.execute()
          next += 1
        }
      }
    }
    let count = pairs.count
    try write("Counting pairs") { database in
      try database.execute(
        sql: "UPDATE run SET pairCount = ?, updatedAt = ? WHERE id = ?",
        arguments: [count, Date(), run])
    }
    settle()
    return true
  }

  /// Whether a run has exactly these pairs, in this order.
  ///
  /// - Throws: `ReportError.noRun`, `.runIsFinished`.
  /// - Complexity: O(N).
  public func holds(
    _ pairs: some Collection<PairRecord>, of run: Int64
  ) throws(ReportError) -> Bool {
    do {
      return try pool.read { database in
        try Self.requireOpenRun(run, database)
        let count = try Int.fetchOne(
          database, sql: "SELECT pairCount FROM run WHERE id = ?", arguments: [run])
        guard count == pairs.count else { return false }
        let present = try PairRecord.fetchCursor(
          database,
          sql: "SELECT \(PairRecord.columns) FROM pair WHERE runId = ? ORDER BY ordinal",
          arguments: [run])
        for pair in pairs where try present.next() != pair.storable { return false }
        return try present.next() == nil
      }
    } catch {
      throw ReportError.wrapping(error, operation: "Comparing pairs", path: path)
    }
  }

  /// Lists what could not become a pair, replacing an earlier attempt's list; several transactions.
  ///
  /// - Throws: `ReportError.noRun`, `.runIsFinished`.
  public func replaceRejections(
    of run: Int64, with rejections: some Sequence<RejectionRecord>
  ) throws(ReportError) {
    try write("Replacing rejections") { database in
      try Self.requireOpenRun(run, database)
      try database.execute(sql: "DELETE FROM rejected WHERE runId = ?", arguments: [run])
    }
    try addRejections(rejections, to: run)
  }

  /// Adds to the list of what could not become a pair; a transaction for every few thousand.
  ///
  /// - Throws: `ReportError.noRun`, `.runIsFinished`.
  public func addRejections(
    _ rejections: some Sequence<RejectionRecord>, to run: Int64
  ) throws(ReportError) {
    try inBatches(rejections) { (batch) throws(ReportError) in
      try write("Writing rejections") { database in
        try Self.requireOpenRun(run, database)
        let insert = try database.cachedStatement(
          sql: """
            INSERT INTO rejected (runId, source, offset, reason, message) VALUES (?, ?, ?, ?, ?)
            """)
        for rejection in batch {
          try insert.execute(arguments: [
            run, rejection.source.storable, rejection.offset, rejection.reason,
            rejection.message.storable,
          ])
        }
      }
    }
  }

  private func inBatches<Element>(
    _ elements: some Sequence<Element>, _ body: ([Element]) throws(ReportError) -> Void
  ) throws(ReportError) {
    var batch: [Element] = []
    batch.reserveCapacity(Self.batchSize)
    for element in elements {
      batch.append(element)
      if batch.count == Self.batchSize {
        try body(batch)
        batch.removeAll(keepingCapacity: true)
      }
    }
    if !batch.isEmpty { try body(batch) }
  }
}

extension PairRecord {
  /// The pair as the report gives it back.
  fileprivate var storable: PairRecord {
    var pair = self
    pair.key = key.storable
    pair.caption = caption.storable
    pair.url = url?.storable
    // What a crawl says of itself may be anything, and must not end a scan.
    if let uid, !uid.isUID { pair.uid = nil }
    if let originalWidth, originalWidth < 1 { pair.originalWidth = nil }
    if let originalHeight, originalHeight < 1 { pair.originalHeight = nil }
    if let promisedSHA256, promisedSHA256.count != 32 { pair.promisedSHA256 = nil }
    return pair
  }
}

extension String {
  /// Whether the text is 32 lower-case hexadecimal digits.
  fileprivate var isUID: Bool {
    utf8.count == 32
      && utf8.allSatisfy {
        UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 || UInt8(ascii: "a")...UInt8(ascii: "f") ~= $0
      }
  }

  /// The text with U+FFFD for each NUL, at which SQLite would cut it off.
  var storable: String {
    utf8.contains(0)
      ? String(String.UnicodeScalarView(unicodeScalars.map { $0 == "\0" ? "\u{FFFD}" : $0 }))
      : self
  }
}
