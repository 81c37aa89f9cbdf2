/// The settings of the safe set.
///
/// Shares are of the whole crawl.
public struct SafeSetConfiguration: Sendable, Hashable {
  /// A pair is safe where the posterior of the component with the larger mean exceeds this (paper,
  /// section 4.2 and Table 6).
  public var safeThreshold = 0.9
  /// A rule that finds fewer safe pairs than this has collapsed, and the next rule is asked.
  public var minimumShare = 0.02
  /// The first safe set never holds more than this.
  ///
  /// Where similarities separate well, the posterior exceeds the threshold for most of the crawl, poison
  /// included.
  public var firstSafeShareCap = 1.0
  /// The first safe set has only pairs that are more similar than all but this share of shuffled ones: of
  /// captions that belong to other images, no more than this would be accepted; 1: no limit.
  public var falseAcceptLimit = 1.0
  /// How much the safe set grows after each re-score (paper, section 4.3).
  public var growthShare = 0.01
  /// The safe set never holds more than this.
  public var safeShareCap = 0.85
  /// The share with the highest last similarity that a cheap re-score looks at (paper, appendix);
  /// 1 scores all.
  public var rescoreShare = 0.3
  /// How far alignment may lie below the best trusted so far before growth is withheld.
  public var alignmentTolerance = 0.01
  /// A model that learned from the safe set alone has no say while its alignment is lower.
  public var leastAlignment = 0.75

  /// The paper's constants.
  public init() {}
}
