import GRDB

/// A piece of the crawl that could not become a pair.
public struct RejectionRecord: Sendable, Codable, Hashable {
  /// The file, or "shard.tar!member".
  public var source: String
  /// Where in the file, in bytes, where known.
  public var offset: Int64?
  /// The reason's code, such as "truncatedImage".
  public var reason: String
  /// The reason in words.
  public var message: String

  /// Describes one rejection.
  public init(source: String, offset: Int64? = nil, reason: String, message: String) {
    self.source = source
    self.offset = offset
    self.reason = reason
    self.message = message
  }
}

extension RejectionRecord: FetchableRecord {
  /// Reads a row of table `rejected`.
  public init(row: Row) {
    self.init(
      source: row["source"], offset: row["offset"], reason: row["reason"], message: row["message"])
  }
}
