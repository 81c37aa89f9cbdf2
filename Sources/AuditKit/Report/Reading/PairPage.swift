/// A part of a list of pairs.
public struct PairPage: Sendable, Equatable {
  /// The pairs in the list's order.
  public let pairs: [ScoredPair]
  /// Where the next page begins; nil after the last.
  public let next: PairCursor?
}
