import Foundation
import GRDB

/// What a reviewer can say of a pair.
public enum Verdict: String, Codable, CaseIterable, Sendable {
  /// It does not belong into the crawl.
  case poison
  /// It is as it should be.
  case clean
  /// Looked at, and not decided.
  case unsure
}

/// A reviewer's decision about a pair.
public struct VerdictRecord: Sendable, Codable, Equatable {
  /// The decision.
  public var verdict: Verdict
  /// Why, in the reviewer's words.
  public var note: String?
  /// Who decided.
  public var reviewer: String?
  /// When.
  public var decidedAt: Date

  /// A decision, made now unless told otherwise.
  public init(
    verdict: Verdict, note: String? = nil, reviewer: String? = nil, decidedAt: Date = Date()
  ) {
    self.verdict = verdict
    self.note = note
    self.reviewer = reviewer
    self.decidedAt = decidedAt
  }
}

extension VerdictRecord: FetchableRecord {
  /// Reads a row of table `verdict`.
  public init(row: Row) throws {
    self.init(
      verdict: try Verdict(column: "verdict", of: row), note: row["note"],
      reviewer: row["reviewer"], decidedAt: row["decidedAt"])
  }
}

/// A verdict with the pair that it is about, as it travels from one run to another.
public struct PairVerdict: Sendable, Equatable {
  /// The pair's place in its run's crawl.
  public var ordinal: Int
  /// The pair's key.
  public var key: String
  /// The pair's caption.
  public var caption: String
  /// SHA-256 of the pair's image, where known.
  public var imageSHA256: [UInt8]?
  /// The decision.
  public var record: VerdictRecord

  /// A verdict with its pair.
  public init(
    ordinal: Int, key: String, caption: String, imageSHA256: [UInt8]?, record: VerdictRecord
  ) {
    self.ordinal = ordinal
    self.key = key
    self.caption = caption
    self.imageSHA256 = imageSHA256
    self.record = record
  }
}

extension PairVerdict: FetchableRecord {
  /// Reads a row of `verdict` joined with `pair`.
  public init(row: Row) throws {
    self.init(
      ordinal: row["ordinal"], key: row["key"], caption: row["caption"],
      imageSHA256: (row["imageSHA256"] as Data?).map { [UInt8]($0) },
      record: try VerdictRecord(row: row))
  }
}
