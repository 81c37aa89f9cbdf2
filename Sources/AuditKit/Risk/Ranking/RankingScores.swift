/// How well scores put the positives first: what benchmarks and the lab report.
///
/// Ties are never broken in anyone's favour: recall and precision are expectations over random
/// orders of tied items, the other two treat a run of ties as one step of the curve. Items whose
/// score is NaN come last, tied.
public struct RankingScores: Sendable {
  /// Items.
  public let count: Int
  /// Items that should be found.
  public let positiveCount: Int
  /// Runs of equal scores, best first: items and positives in them.
  private let groups: [(items: Int, positives: Int)]

  /// Ranks items by falling score; `isPositive` has one entry a score.
  ///
  /// Complexity: O(N log N)
  public init(scores: [Double], isPositive: [Bool]) {
    precondition(
      scores.count == isPositive.count, "\(scores.count) scores, \(isPositive.count) labels")
    self.init(
      groups: Self.ties(scores).map { tied in (tied.count, tied.count { isPositive[$0] }) })
  }

  /// A ranking of which only the runs of equal scores are known, best first; empty ones say nothing.
  package init(groups: [(items: Int, positives: Int)]) {
    self.groups = groups.filter { $0.items > 0 }
    count = groups.reduce(0) { $0 + $1.items }
    positiveCount = groups.reduce(0) { $0 + $1.positives }
  }

  /// The places of equal scores, runs by falling score; those of scores that are NaN come last.
  package static func ties(_ scores: [Double]) -> [ArraySlice<Int>] {
    let order = scores.indices.sorted { left, right in
      scores[right].isNaN ? !scores[left].isNaN : scores[left] > scores[right]
    }
    var ties: [ArraySlice<Int>] = []
    var start = 0
    for end in order.indices.map({ $0 + 1 }) {
      let score = scores[order[end - 1]]
      let continues =
        end < order.count
        && (scores[order[end]] == score || (score.isNaN && scores[order[end]].isNaN))
      guard !continues else { continue }
      ties.append(order[start..<end])
      start = end
    }
    return ties
  }

  /// The area under the ROC curve: the probability that a positive scores higher than a negative,
  /// ties counting half.
  ///
  /// nil without a positive or without a negative.
  public var areaUnderROC: Double? {
    let negativeCount = count - positiveCount
    guard positiveCount > 0, negativeCount > 0 else { return nil }
    var won = 0.0
    var positivesAbove = 0
    for group in groups {
      let negatives = group.items - group.positives
      won += Double(negatives) * (Double(positivesAbove) + Double(group.positives) / 2)
      positivesAbove += group.positives
    }
    return won / Double(positiveCount) / Double(negativeCount)
  }

  /// Average precision: the mean, over positives, of the precision at the end of their group of
  /// ties, as scikit-learn counts it; nil without a positive.
  public var averagePrecision: Double? {
    guard positiveCount > 0 else { return nil }
    var sum = 0.0
    var (items, positives) = (0, 0)
    for group in groups {
      items += group.items
      positives += group.positives
      sum += Double(group.positives) * Double(positives) / Double(items)
    }
    return sum / Double(positiveCount)
  }

  /// The share of the positives among the first `share` of all items, at least one item; nil without
  /// a positive.
  public func recall(topShare share: Double) -> Double? {
    guard positiveCount > 0 else { return nil }
    let top = max(1, Int((share * Double(count)).rounded()))
    return positives(inFirst: top) / Double(positiveCount)
  }

  /// The share of positives among the first `top` items (of all items, where there are fewer); nil
  /// without an item.
  public func precision(at top: Int) -> Double? {
    let size = min(top, count)
    return size > 0 ? positives(inFirst: size) / Double(size) : nil
  }

  /// The expected number of positives among the first `top` items.
  private func positives(inFirst top: Int) -> Double {
    var remaining = top
    var found = 0.0
    for group in groups where remaining > 0 {
      let taken = min(remaining, group.items)
      found += Double(group.positives) * Double(taken) / Double(group.items)
      remaining -= taken
    }
    return found
  }
}
