/// Something in the crawl that did not become a pair.
///
/// A rejection is counted and listed; it never ends a reading.
public struct Rejection: Sendable, Hashable, Codable {
  /// What was rejected: `shard.tar!member`, `captions.tsv:17` (file and line), or a path.
  public let source: String
  /// Where it starts in its file, in bytes; nil for a whole file.
  public let offset: Int64?
  /// The kind of fault.
  public let reason: RejectionReason
  /// What was wrong, in words, without the caption itself.
  public let message: String

  /// A finding about `source`.
  public init(source: String, offset: Int64? = nil, reason: RejectionReason, message: String) {
    self.source = source
    self.offset = offset
    self.reason = reason
    self.message = message
  }
}

extension Rejection: CustomStringConvertible {
  /// `source: message [reason]`.
  public var description: String { "\(source): \(message) [\(reason.rawValue)]" }
}
