import Foundation

/// Pairs in order of risk. The risk of a pair with similarity s is
///
///     risk(s) = 1 - p̃(s) = 1 / (1 + exp(l̃(s)))
///
/// where p̃ is the mixture's posterior made monotone and l̃ its log odds, kept within ±700. Doubles
/// near 1 are too coarse for millions of risky pairs, and p̃ is constant beyond the vertex of l, so
/// from the lowest similarity upward each risk is lowered, where needed, to the next double below
/// the risk of the pair before. That changes a risk by less than 1e-16 for each pair before it, and makes risk
/// strictly decreasing in similarity: sorting by falling risk is sorting by rising similarity.
/// Pairs with equal similarity have equal risk and are ranked by their place in the crawl. A pair
/// whose similarity is NaN ranks as the lowest, with risk 1.
public struct RiskRanking: Sendable {
  /// The risk of each pair, in 0...1.
  public let risks: [Double]
  /// The rank of each pair: 1 is the riskiest.
  public let ranks: [Int32]
  /// The pairs, riskiest first.
  public let order: [Int32]

  /// Ranks pairs by their similarities.
  ///
  /// Complexity: O(N log N)
  public init(similarities: [Float], mixture: GaussianMixture) {
    let order = Self.ascending(similarities)
    let logOdds = mixture.logOdds
    var risks = [Double](repeating: 1, count: similarities.count)
    var ranks = [Int32](repeating: 0, count: similarities.count)
    var previous: (similarity: Float, risk: Double)?
    for (rank, pair) in order.enumerated() {
      let similarity = similarities[Int(pair)]
      var risk = 1.0
      if !similarity.isNaN {
        risk = logistic(-min(max(logOdds.monotone(Double(similarity)), -700), 700))
      }
      if let previous {
        let isTie =
          similarity == previous.similarity || (similarity.isNaN && previous.similarity.isNaN)
        risk = isTie ? previous.risk : min(risk, previous.risk.nextDown)
      }
      previous = (similarity, risk)
      risks[Int(pair)] = risk
      ranks[Int(pair)] = Int32(rank + 1)
    }
    self.risks = risks
    self.ranks = ranks
    self.order = order
  }

  /// Pairs from the lowest similarity to the highest, NaN first, ties in the order of the crawl.
  package static func ascending(_ similarities: [Float]) -> [Int32] {
    var keys = similarities.enumerated().map { index, similarity in
      UInt64(orderedBits(similarity)) << 32 | UInt64(UInt32(index))
    }
    keys.sort()
    return keys.map { Int32(truncatingIfNeeded: $0) }
  }

  /// A number with the order of `value`; NaN is the lowest, the two zeros are equal.
  private static func orderedBits(_ value: Float) -> UInt32 {
    guard !value.isNaN else { return 0 }
    let bits = (value + 0).bitPattern
    return bits & 0x8000_0000 == 0 ? bits | 0x8000_0000 : ~bits
  }
}
