/// Values handed out by rank: another ranking of the same pairs in the numbers of the first.
public enum Placement {
  /// For each pair the one of `values` that stands at its place by `order`, both `[N]`.
  ///
  /// The pair with the greatest `order` gets the greatest of the values, and so on. Ties are in the order of the
  /// pairs.
  ///
  /// Complexity: O(N log N)
  public static func values(_ values: [Float], by order: [Float]) -> [Float] {
    precondition(values.count == order.count, "\(values.count) values for \(order.count) pairs")
    var placed = values
    for (value, pair) in zip(RiskRanking.ascending(values), RiskRanking.ascending(order)) {
      placed[Int(pair)] = values[Int(value)]
    }
    return placed
  }
}
