import Foundation
import GRDB

/// Something that a user should know about a run.
public struct NoticeRow: Sendable, Codable, Equatable {
  /// What kind of thing it is.
  public enum Kind: String, Codable, CaseIterable, Sendable {
    /// A default that adapted to the crawl, with the reason.
    case adaptation
    /// A rule that could not be applied, and what was done instead.
    case fallback
    /// Something missing or doubtful.
    case warning
  }

  /// What kind of thing it is.
  public let kind: Kind
  /// One or more sentences.
  public let message: String
  /// When it was first told.
  public let createdAt: Date
}

/// A notice that is not written yet.
public struct NewNotice: Sendable, Equatable {
  /// What kind of thing it is.
  public var kind: NoticeRow.Kind
  /// One or more sentences.
  public var message: String

  /// Something to tell.
  public init(_ kind: NoticeRow.Kind, _ message: String) {
    self.kind = kind
    self.message = message
  }
}

extension NoticeRow: FetchableRecord {
  /// Reads a row of table `notice`.
  public init(row: Row) throws {
    kind = try Kind(column: "kind", of: row)
    message = row["message"]
    createdAt = row["createdAt"]
  }
}
