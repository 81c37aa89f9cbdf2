/// What a reader finds: a pair, or something that did not become one.
public enum CrawlRecord: Sendable, Hashable {
  /// An image with its caption.
  case pair(Pair)
  /// A counted finding.
  case rejected(Rejection)
}

/// Reads one format of crawl.
///
/// A reader streams: it holds at most one shard's index and one row at a time, besides 16 bytes per
/// key. The order is the same each time: shards by name, pairs in the order of their first member
/// or row.
public protocol CrawlReader: Sendable {
  /// The format in a word or two, for people.
  var formatName: String { get }

  /// Gives every record of the crawl to `body`, in order, on the calling thread.
  ///
  /// - Throws: What `body` throws, at once. `DumpError` when the crawl as a whole cannot be read;
  ///   a bad record is no error but a `CrawlRecord.rejected`.
  func read(_ body: (CrawlRecord) throws -> Void) throws
}
