/// The pairs that take part in the CLIP loss, and what the next decision about them needs.
public struct SafeSet: Sendable, Hashable, Codable {
  /// The pairs, by their ordinal in the crawl.
  public var members: BitSet
  /// The best alignment among the re-scores that were trusted; nil before there was a number.
  public var bestAlignment: Double?
  /// How many of the members similarity did not choose: they are known to be clean.
  public private(set) var addedCount: Int

  /// A safe set with these members.
  public init(members: BitSet, bestAlignment: Double? = nil, addedCount: Int = 0) {
    self.members = members
    self.bestAlignment = bestAlignment
    self.addedCount = addedCount
  }

  /// How many members similarity chose: what growth counts from, and the cap holds.
  public var rankedCount: Int { members.memberCount - addedCount }

  /// Adds pairs that are safe whatever their similarity.
  public mutating func add(_ pairs: BitSet) {
    let before = members.memberCount
    members.formUnion(pairs)
    addedCount += members.memberCount - before
  }
}
