/// Which pairs of a run to write out.
public struct PairChoice: Sendable, Equatable {
  /// On which side of the safe set's border.
  public enum Selection: String, Codable, CaseIterable, Sendable {
    /// Those outside the safe set.
    case risky
    /// Those in the safe set.
    case safe
    /// All.
    case all
  }

  /// On which side of the safe set's border.
  public var selection: Selection
  /// Their order, which also tells what a `limit` takes.
  public var order: PairQuery.Order
  /// Only pairs with at least this risk.
  public var minimumRisk: Double?
  /// At most so many.
  public var limit: Int?

  /// Pairs, riskiest first unless told otherwise.
  public init(
    _ selection: Selection, order: PairQuery.Order = .risk, minimumRisk: Double? = nil,
    limit: Int? = nil
  ) {
    self.selection = selection
    self.order = order
    self.minimumRisk = minimumRisk
    self.limit = limit
  }
}
