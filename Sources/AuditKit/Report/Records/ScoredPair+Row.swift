import Foundation
import GRDB

extension PairRecord: FetchableRecord {
  /// Reads a row of table `pair`.
  public init(row: Row) {
    self.init(
      key: row["key"], caption: row["caption"], sourcePath: row["sourcePath"],
      sourceMember: row["sourceMember"], sourceOffset: row["sourceOffset"],
      sourceLength: row["sourceLength"], imageWidth: row["imageWidth"],
      imageHeight: row["imageHeight"],
      imageSHA256: (row["imageSHA256"] as Data?).map { [UInt8]($0) })
  }
}

extension ScoredPair: FetchableRecord {
  /// Reads a row of `pair` joined with `score`.
  public init(row: Row) {
    ordinal = row["ordinal"]
    pair = PairRecord(row: row)
    score = (row["rank"] as Int?).map { rank in
      Score(
        similarity: Float(row["similarity"] as Double), posterior: row["posterior"],
        risk: row["risk"], isSafe: row["isSafe"], rank: rank, isFinal: row["isFinal"])
    }
  }
}
