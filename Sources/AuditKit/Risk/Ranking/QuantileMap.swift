/// Carries values to the place in one sample that they have in another (quantile mapping).
///
/// Similarities of pairs that a model has trained on lie higher than those of pairs it has not. Mapped to
/// the same quantile they can be ranked together.
public struct QuantileMap: Sendable {
  /// Ascending.
  private let source: [Float]
  /// Ascending.
  private let target: [Float]

  /// A map from the distribution of `source` to that of `target`; values that are NaN count in neither.
  public init(from source: [Float], to target: [Float]) {
    self.source = Self.ascending(source)
    self.target = Self.ascending(target)
  }

  /// `value` where it stands in the target: the quantile of its midrank in the source, between two of the
  /// target's values.
  ///
  /// Never one of these values where they differ, so that no two pairs share a place. Never decreases in
  /// `value`. NaN stays NaN, and without a sample on both sides nothing moves.
  ///
  /// Complexity: O(log N)
  public func callAsFunction(_ value: Float) -> Float {
    guard !value.isNaN, !source.isEmpty, !target.isEmpty else { return value }
    let below = Self.count(in: source) { $0 < value }
    let through = Self.count(in: source) { $0 <= value }
    let quantile = Double(below + through) / 2 / Double(source.count)
    let last = target.count - 1
    let position = min(max(quantile * Double(target.count) - 0.5, 0), Double(last))
    let index = min(Int(position), max(0, last - 1))
    let (left, right) = (Double(target[index]), Double(target[min(index + 1, last)]))
    // The middle half of the way.
    return Float(left + (0.25 + 0.5 * (position - Double(index))) * (right - left))
  }

  private static func ascending(_ values: [Float]) -> [Float] {
    let order = RiskRanking.ascending(values).map { values[Int($0)] }
    return order.filter { !$0.isNaN }
  }

  /// How many of the ascending `values` hold the predicate, which the first ones do.
  private static func count(in values: [Float], where holds: (Float) -> Bool) -> Int {
    var (low, high) = (0, values.count)
    while low < high {
      let middle = (low + high) / 2
      if holds(values[middle]) { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
