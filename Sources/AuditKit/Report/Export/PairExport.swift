/// Which pairs to write out, and how.
public struct PairExport: Sendable, Equatable {
  /// Which pairs.
  public enum Selection: String, Codable, CaseIterable, Sendable {
    /// Those outside the safe set.
    case risky
    /// Those in the safe set.
    case safe
    /// All.
    case all
  }

  /// How a pair is written.
  public enum Format: String, Codable, CaseIterable, Sendable {
    /// A header, then a record for each pair (RFC 4180, but with LF).
    case csv
    /// A JSON object for each pair.
    case jsonl
    /// The key of each pair.
    case txt
  }

  /// The columns of CSV and JSON.
  ///
  /// The first six are a contract; new ones are only added at the end.
  public static let columns = [
    "key", "source", "risk", "similarity", "posterior", "safe", "caption", "width", "height",
    "sha256", "rank", "url", "uid",
  ]

  /// Which pairs.
  public var selection: Selection
  /// How they are written.
  public var format: Format
  /// Their order.
  public var order: PairQuery.Order
  /// Only pairs with at least this risk.
  public var minimumRisk: Double?
  /// At most so many.
  public var limit: Int?

  /// An export, riskiest pairs first unless told otherwise.
  public init(
    selection: Selection, format: Format, order: PairQuery.Order = .risk,
    minimumRisk: Double? = nil, limit: Int? = nil
  ) {
    self.selection = selection
    self.format = format
    self.order = order
    self.minimumRisk = minimumRisk
    self.limit = limit
  }
}
