import AuditReport

/// What embedding a crawl left.
public struct EmbeddingSummary: Codable, Sendable, Equatable {
  /// The model's folder.
  public var model: String
  /// The crawl as it was named.
  public var crawl: String
  /// Rows of each tensor, N.
  public var pairs: Int
  /// Columns of each tensor, D.
  public var width: Int
  /// What could not become a pair.
  public var rejections: [RejectionRecord]
  /// The safetensors file.
  public var output: String
  /// The file of keys.
  public var keys: String
  /// Wall-clock time.
  public var seconds: Double
}
