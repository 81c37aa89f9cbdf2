/// Which pairs to list, in which order.
public struct PairQuery: Sendable, Equatable {
  /// The order of a list; each has no ties.
  public enum Order: String, Codable, CaseIterable, Sendable {
    /// Riskiest first, by rank.
    case risk
    /// Lowest similarity first.
    case similarity
    /// By key, byte by byte.
    case key
    /// As in the crawl.
    case ordinal
  }

  /// What a reviewer said.
  public enum VerdictFilter: Sendable, Equatable {
    /// This.
    case only(Verdict)
    /// Anything.
    case any
    /// Nothing yet.
    case none
  }

  /// A `limit` that takes all pairs.
  public static let noLimit = -1

  /// The order; by ordinal where nothing is scored yet.
  public var order: Order
  /// Only pairs with at least this risk.
  public var minimumRisk: Double?
  /// Only pairs with at most this risk.
  public var maximumRisk: Double?
  /// Only pairs in the safe set (true) or outside (false).
  public var isSafe: Bool?
  /// Only pairs of which a reviewer said this, or nothing.
  public var verdict: VerdictFilter?
  /// Only pairs whose key or caption is found.
  public var search: CaptionSearch?
  /// At most so many.
  public var limit: Int
  /// Only what comes after the end of an earlier page.
  public var after: PairCursor?

  /// A list; without conditions, the hundred riskiest pairs.
  public init(
    order: Order = .risk, minimumRisk: Double? = nil, isSafe: Bool? = nil, limit: Int = 100,
    after: PairCursor? = nil
  ) {
    self.order = order
    self.minimumRisk = minimumRisk
    self.isSafe = isSafe
    self.limit = limit
    self.after = after
  }
}
