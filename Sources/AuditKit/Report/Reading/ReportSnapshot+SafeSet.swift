import Foundation
import GRDB

/// Whether a pair was in the safe set after an epoch.
public struct SafeSetMembership: Sendable, Codable, Equatable {
  /// The epoch's number.
  public let epoch: Int
  /// Whether the pair was in it.
  public let isSafe: Bool

  /// A membership after an epoch.
  public init(epoch: Int, isSafe: Bool) {
    self.epoch = epoch
    self.isSafe = isSafe
  }
}

extension ReportSnapshot {
  /// In which epochs' safe sets a pair was; epochs without a safe set are left out.
  ///
  /// Reads one byte of each epoch.
  /// - Throws: `ReportError.noRun`.
  public func safeSetHistory(of run: Int64, ordinal: Int) throws -> [SafeSetMembership] {
    let pairCount = try self.run(run).pairCount
    guard ordinal >= 0, ordinal < pairCount else { return [] }
    let (chunk, place) = ordinal.quotientAndRemainder(dividingBy: ReportStore.historyChunk)
    let rows = try Row.fetchCursor(
      database,
      sql: """
        SELECT epoch, substr(bits, ?, 1) AS byte FROM safeSet WHERE runId = ? AND chunk = ?
        ORDER BY epoch
        """,
      arguments: [place / 8 + 1, run, chunk])
    var history: [SafeSetMembership] = []
    while let row = try rows.next() {
      let byte = (row["byte"] as Data).first ?? 0
      history.append(
        SafeSetMembership(epoch: row["epoch"], isSafe: byte >> UInt8(place % 8) & 1 == 1))
    }
    return history
  }

  /// The whole safe set after an epoch; nil where there was none.
  ///
  /// - Throws: `ReportError.noRun`.
  public func safeSet(of run: Int64, epoch: Int) throws -> SafeSetBitmap? {
    let pairCount = try self.run(run).pairCount
    let chunks = try Data.fetchAll(
      database, sql: "SELECT bits FROM safeSet WHERE runId = ? AND epoch = ? ORDER BY chunk",
      arguments: [run, epoch])
    guard !chunks.isEmpty else { return nil }
    return SafeSetBitmap(pairCount: pairCount, bytes: chunks.joined())
  }
}
