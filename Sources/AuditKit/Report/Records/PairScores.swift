/// Current scores of all pairs of a run, in the crawl's order.
public struct PairScores: Sendable, Equatable {
  /// Cosines `[N]`; rounding beyond -1 and 1 is forgiven.
  public var similarities: [Float]
  /// Posteriors of the better matching component `[N]`, in 0...1; nil before the first split.
  public var posteriors: [Double]?
  /// 1 - posterior made monotone in the similarity `[N]`, in 0...1; nil before the first split.
  public var risks: [Double]?

  /// Scores with posteriors and risks, or with neither.
  public init(similarities: [Float], posteriors: [Double]? = nil, risks: [Double]? = nil) {
    self.similarities = similarities
    self.posteriors = posteriors
    self.risks = risks
  }

  /// Each pair's rank from 1 (riskiest): by risk downwards, then similarity upwards, then ordinal.
  ///
  /// Where the posterior saturates at 1, many risks are exactly 0; the similarity, in which the risk is
  /// monotone, still tells them apart.
  /// - Complexity: O(N log N).
  func ranks() -> [Int] {
    var order = similarities.enumerated().map { ordinal, similarity in
      (risk: risks?[ordinal] ?? 0, similarity: similarity, ordinal: ordinal)
    }
    order.sort { left, right in
      if left.risk != right.risk { return left.risk > right.risk }
      if left.similarity != right.similarity { return left.similarity < right.similarity }
      return left.ordinal < right.ordinal
    }
    var ranks = [Int](repeating: 0, count: order.count)
    for (place, element) in order.enumerated() { ranks[element.ordinal] = place + 1 }
    return ranks
  }

  /// Throws unless there is one usable score of each kind for each pair.
  func validate(pairCount: Int) throws {
    try Self.check("similarities", similarities.count, pairCount)
    guard (posteriors == nil) == (risks == nil) else {
      throw ReportError.incompleteScores(reason: "posteriors and risks come together")
    }
    if let ordinal = similarities.firstIndex(where: { !(abs($0) <= 1.001) }) {
      throw ReportError.invalidValue(
        what: "similarity", ordinal: ordinal, value: "\(similarities[ordinal])")
    }
    for (what, values) in [("posterior", posteriors), ("risk", risks)] {
      guard let values else { continue }
      try Self.check("\(what)s", values.count, pairCount)
      if let ordinal = values.firstIndex(where: { !($0 >= 0 && $0 <= 1) }) {
        throw ReportError.invalidValue(what: what, ordinal: ordinal, value: "\(values[ordinal])")
      }
    }
  }

  private static func check(_ what: String, _ found: Int, _ pairCount: Int) throws {
    guard found == pairCount else {
      throw ReportError.wrongCount(what: what, found: found, pairCount: pairCount)
    }
  }
}
