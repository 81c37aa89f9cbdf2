import Foundation
import GRDB

extension PairRecord: FetchableRecord {
  /// The columns in the order in which `init(row:)` takes them.
  ///
  /// By position, because finding columns by name takes most of the time of a long list.
  static let columns = """
    key, caption, sourcePath, sourceMember, sourceOffset, sourceLength, imageWidth, imageHeight,
    imageSHA256
    """

  /// Reads a row of `columns`.
  public init(row: Row) {
    self.init(
      key: row[0], caption: row[1], sourcePath: row[2], sourceMember: row[3], sourceOffset: row[4],
      sourceLength: row[5], imageWidth: row[6], imageHeight: row[7],
      imageSHA256: (row[8] as Data?).map { [UInt8]($0) })
  }
}

extension ScoredPair: FetchableRecord {
  /// The columns of `pair` joined with `score` in the order in which `init(row:)` takes them.
  static let columns = """
    \(PairRecord.columns), ordinal, similarity, posterior, risk, isSafe, rank, isFinal
    """

  /// Reads a row of `columns`.
  public init(row: Row) {
    pair = PairRecord(row: row)
    ordinal = row[9]
    score = (row[14] as Int?).map { rank in
      Score(
        similarity: Float(row[10] as Double), posterior: row[11], risk: row[12], isSafe: row[13],
        rank: rank, isFinal: row[15])
    }
  }
}
