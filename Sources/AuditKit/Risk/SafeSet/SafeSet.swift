/// The pairs that take part in the CLIP loss, and what the next decision about them needs.
public struct SafeSet: Sendable, Hashable, Codable {
  /// The pairs, by their ordinal in the crawl.
  public var members: BitSet
  /// The best alignment among the re-scores that were trusted; nil before there was a number.
  public var bestAlignment: Double?

  /// A safe set with these members.
  public init(members: BitSet, bestAlignment: Double? = nil) {
    self.members = members
    self.bestAlignment = bestAlignment
  }
}
