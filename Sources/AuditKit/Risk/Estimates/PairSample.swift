/// Pairs that stand for a whole crawl, scored as they are and with another pair's caption each.
///
/// Alignment and mismatch rate are estimates for the crawl where the pairs were drawn at random and the
/// model has not learned which caption belongs to which of their images.
public struct PairSample: Sendable, Equatable {
  /// Which pairs, as indices into the crawl.
  public let pairs: [Int32]
  /// cos(z_i, w_i), in the order of `pairs`.
  public let similarities: [Float]
  /// cos(z_i, w_j) with the caption of another pair j of the sample.
  public let shuffled: [Float]

  /// A sample with its scores.
  public init(pairs: [Int32], similarities: [Float], shuffled: [Float]) {
    precondition(
      pairs.count == similarities.count && pairs.count == shuffled.count,
      "\(pairs.count) pairs with \(similarities.count) and \(shuffled.count) scores")
    self.pairs = pairs
    self.similarities = similarities
    self.shuffled = shuffled
  }

  /// AUC between true and shuffled pairs.
  public var alignment: IntervalEstimate {
    Alignment.measure(truePairs: similarities, shuffledPairs: shuffled)
  }

  /// The mismatch rate of the crawl.
  public func mismatchRate(seed: UInt64) -> MismatchRate {
    MismatchRate.estimate(
      observed: Histogram(similarities), unrelated: Histogram(shuffled), seed: seed)
  }

  /// The mismatch rate among the pairs of a safe set; those of them that are in the sample stand for it.
  public func mismatchRate(of safeSet: BitSet, seed: UInt64) -> MismatchRate {
    let members = BitSet(
      count: pairs.count, members: pairs.indices.lazy.filter { safeSet[Int(pairs[$0])] })
    return MismatchRate.estimate(
      selected: Histogram(similarities, members: members), observed: Histogram(similarities),
      unrelated: Histogram(shuffled), seed: seed)
  }
}
