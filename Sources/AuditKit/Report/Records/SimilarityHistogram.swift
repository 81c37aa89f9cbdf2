/// Counts of similarities in bins of equal width, of true and of shuffled pairs.
public struct SimilarityHistogram: Sendable, Codable, Equatable {
  /// Lower edge of the first bin.
  public var lower: Double
  /// Upper edge of the last bin.
  public var upper: Double
  /// Pairs of the crawl in each bin, `[bins]`.
  public var counts: [UInt32]
  /// Pairs with another pair's caption in each bin, `[bins]`, where they were scored.
  public var shuffledCounts: [UInt32]?

  /// A histogram that was counted elsewhere.
  public init(lower: Double, upper: Double, counts: [UInt32], shuffledCounts: [UInt32]? = nil) {
    precondition(shuffledCounts.map { $0.count == counts.count } ?? true, "both have the same bins")
    precondition(lower < upper, "the range is not empty")
    self.lower = lower
    self.upper = upper
    self.counts = counts
    self.shuffledCounts = shuffledCounts
  }

  /// Counts similarities; what lies outside the range falls into the outermost bins.
  ///
  /// - Complexity: O(N).
  public init(
    similarities: [Float], shuffled: [Float]? = nil, bins: Int = 256, lower: Double = -1,
    upper: Double = 1
  ) {
    func count(_ values: [Float]) -> [UInt32] {
      var counts = [UInt32](repeating: 0, count: bins)
      let scale = Double(bins) / (upper - lower)
      for value in values where value.isFinite {
        counts[Int(min(max(0, (Double(value) - lower) * scale), Double(bins - 1)))] += 1
      }
      return counts
    }
    self.init(
      lower: lower, upper: upper, counts: count(similarities),
      shuffledCounts: shuffled.map(count))
  }
}
