/// Values handed out by rank: another ranking of the same pairs in the numbers of the first.
public enum Placement {
  /// For each pair the one of `values` that stands at its place by `order`, both `[N]`.
  ///
  /// The pair with the greatest `order` gets the greatest of the values, and so on. Ties are in the order of the
  /// pairs.
  ///
  /// Complexity: O(N log N)
  public static func values(_ values: [Float], by order: [Float]) -> [Float] {
    self.values(values, inOrder: RiskRanking.ascending(order))
  }

  /// For each pair the one of `values` that stands at its place in `pairs`, a list of all pairs from the least up.
  ///
  /// Complexity: O(N log N)
  static func values(_ values: [Float], inOrder pairs: [Int32]) -> [Float] {
    precondition(values.count == pairs.count, "\(values.count) values for \(pairs.count) pairs")
    var placed = values
    for (value, pair) in zip(RiskRanking.ascending(values), pairs) {
      placed[Int(pair)] = values[Int(value)]
    }
    return placed
  }
}
