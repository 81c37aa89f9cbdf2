import Foundation
import GRDB

extension PairRecord: FetchableRecord {
  /// The columns in the order in which `init(row:)` takes them.
  ///
  /// By position, because finding columns by name takes most of the time of a long list.
  static let columns = """
    key, caption, sourcePath, sourceMember, sourceOffset, sourceLength, imageWidth, imageHeight,
    imageSHA256, url, uid, originalWidth, originalHeight, promisedSHA256
    """

  /// Reads a row of `columns`.
  public init(row: Row) {
    self.init(
      key: row[0], caption: row[1], sourcePath: row[2], sourceMember: row[3], sourceOffset: row[4],
      sourceLength: row[5], imageWidth: row[6], imageHeight: row[7],
      imageSHA256: (row[8] as Data?).map { [UInt8]($0) }, url: row[9], uid: row[10],
      originalWidth: row[11], originalHeight: row[12],
      promisedSHA256: (row[13] as Data?).map { [UInt8]($0) })
  }

  /// How many columns that takes.
  fileprivate static let columnCount = 14
}

extension ScoredPair: FetchableRecord {
  /// The columns of `pair` joined with `score` in the order in which `init(row:)` takes them.
  static let columns = """
    \(PairRecord.columns), ordinal, similarity, posterior, risk, isSafe, rank, isFinal
    """

  /// Reads a row of `columns`.
  public init(row: Row) {
    pair = PairRecord(row: row)
    let first = PairRecord.columnCount
    ordinal = row[first]
    score = (row[first + 5] as Int?).map { rank in
      Score(
        similarity: Float(row[first + 1] as Double), posterior: row[first + 2],
        risk: row[first + 3], isSafe: row[first + 4], rank: rank, isFinal: row[first + 6])
    }
  }
}
