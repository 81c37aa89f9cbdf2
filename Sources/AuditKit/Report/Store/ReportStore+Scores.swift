import Foundation
import GRDB

extension ReportStore {
  /// Pairs in one row of the safe set's history: 8 KiB, which two or three pages hold.
  package static let historyChunk = 65_536

  /// Replaces the scores of all pairs of a run.
  ///
  /// Rows that are there are updated in place: that leaves the tree and its foreign keys alone and takes
  /// less than half of the time of deleting and inserting them.
  static func replaceScores(
    _ scores: PairScores, safeSet: SafeSetBitmap?, of run: Int64, pairCount: Int, isFinal: Bool,
    _ database: Database
  ) throws {
    try scores.validate(pairCount: pairCount)
    if let safeSet, safeSet.pairCount != pairCount {
      throw ReportError.wrongCount(
        what: "bits of the safe set", found: safeSet.pairCount, pairCount: pairCount)
    }
    let present = try Int.fetchOne(
      database, sql: "SELECT count(*) FROM score WHERE runId = ?", arguments: [run])
    if present != pairCount {
      try database.execute(sql: "DELETE FROM score WHERE runId = ?", arguments: [run])
    }
    let statement = try database.cachedStatement(
      sql: present == pairCount
        ? """
        UPDATE score SET similarity = ?, posterior = ?, risk = ?, isSafe = ?, rank = ?, isFinal = ?
        WHERE runId = ? AND ordinal = ?
        """
        : """
        INSERT INTO score (similarity, posterior, risk, isSafe, rank, isFinal, runId, ordinal)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        """)
    let ranks = scores.ranks()
    for ordinal in 0..<pairCount {
      statement.setUncheckedArguments([
        Double(min(max(-1, scores.similarities[ordinal]), 1)), scores.posteriors?[ordinal],
        scores.risks?[ordinal], safeSet?.contains(ordinal) ?? false, ranks[ordinal], isFinal, run,
        ordinal,
      ])
      try statement.execute()
    }
  }

  /// Marks the pairs of a safe set in scores that stay; rows that are right are left alone.
  static func updateSafety(
    _ safeSet: SafeSetBitmap, of run: Int64, _ database: Database
  ) throws {
    // By the rows, not by the last epoch's set: what a discarded epoch has marked is in no history any more.
    var present = SafeSetBitmap(pairCount: safeSet.pairCount)
    let marked = try Int.fetchCursor(
      database, sql: "SELECT ordinal FROM score WHERE runId = ? AND isSafe = 1", arguments: [run])
    while let ordinal = try marked.next() { present.insert(ordinal) }
    let update = try database.cachedStatement(
      sql: "UPDATE score SET isSafe = ? WHERE runId = ? AND ordinal = ?")
    for byte in safeSet.bytes.indices where safeSet.bytes[byte] != present.bytes[byte] {
      for ordinal in 8 * byte..<min(8 * byte + 8, safeSet.pairCount)
      where safeSet.contains(ordinal) != present.contains(ordinal) {
        try update.execute(arguments: [safeSet.contains(ordinal), run, ordinal])
      }
    }
  }

  /// Keeps an epoch's safe set in chunks.
  package static func insertHistory(
    _ safeSet: SafeSetBitmap, _ epoch: Int, _ run: Int64, _ database: Database
  ) throws {
    let insert = try database.cachedStatement(
      sql: "INSERT INTO safeSet (runId, chunk, epoch, bits) VALUES (?, ?, ?, ?)")
    let bytesPerChunk = historyChunk / 8
    for (chunk, start) in stride(from: 0, to: safeSet.bytes.count, by: bytesPerChunk).enumerated() {
      let end = min(start + bytesPerChunk, safeSet.bytes.count)
      try insert.execute(arguments: [run, chunk, epoch, Data(safeSet.bytes[start..<end])])
    }
  }
}
