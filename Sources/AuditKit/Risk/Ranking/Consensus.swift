/// Several rankings of the same pairs as one.
public enum Consensus {
  /// One model's view of all pairs.
  public struct Judgement: Sendable {
    /// Of each pair, `[N]`.
    public let similarities: [Float]
    /// How well it tells true pairs from shuffled ones, from 0.5 (not at all) to 1.
    public let alignment: Double

    /// A view of as many pairs as there are similarities.
    public init(similarities: [Float], alignment: Double) {
      self.similarities = similarities
      self.alignment = alignment
    }

    /// Somers' D, 2 A - 1: what knows nothing has no say.
    fileprivate var weight: Double { alignment.isNaN ? 0 : max(0, 2 * alignment - 1) }
  }

  /// The similarities of `first` in the order of the weighted harmonic mean of both judgements' places, counted from the
  /// riskiest; `first` itself where the second knows nothing.
  ///
  /// The harmonic mean is near the smaller of two places: a pair is at risk that either one doubts, and a model that has
  /// learned what was planted does not vouch for it.
  ///
  /// Ties are in the order of `first`.
  ///
  /// Complexity: O(N log N)
  public static func similarities(_ first: Judgement, _ second: Judgement) -> [Float] {
    precondition(
      first.similarities.count == second.similarities.count,
      "\(first.similarities.count) and \(second.similarities.count) pairs")
    guard second.weight > 0 else { return first.similarities }
    let order = RiskRanking.ascending(first.similarities)
    var doubts = [Double](repeating: 0, count: order.count)
    for (place, pair) in RiskRanking.ascending(second.similarities).enumerated() {
      doubts[Int(pair)] = second.weight / Double(place + 1)
    }
    for (place, pair) in order.enumerated() {
      doubts[Int(pair)] += first.weight / Double(place + 1)
    }
    let joint = order.indices.sorted { left, right in
      let (a, b) = (doubts[Int(order[left])], doubts[Int(order[right])])
      return a == b ? left < right : a > b
    }
    return Placement.values(first.similarities, inOrder: joint.map { order[$0] })
  }
}
