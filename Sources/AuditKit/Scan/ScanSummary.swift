import AuditRisk

/// What a finished scan found, as text and JSON show it and the report keeps it.
public struct ScanSummary: Codable, Sendable, Equatable {
  /// The run's number in the report.
  public var run: Int64
  /// The crawl as it was named.
  public var crawl: String
  /// How the model was trained.
  public var method: String
  /// Pairs that were trained on and scored.
  public var pairs: Int
  /// How many pieces of the crawl could not become a pair, by reason.
  public var rejected: [String: Int]
  /// The pairs of highest risk, riskiest first.
  public var riskiest: [RiskyPair]
  /// Shares of pairs that look mismatched, with their intervals.
  public var estimates: [Estimate]
  /// How well the scores tell true pairs from shuffled ones.
  public var alignment: Estimate
  /// How far to trust the scores, in a sentence.
  public var trust: String
  /// Pairs in the last safe set, and their share; nil in plain training.
  public var safeCount: Int?
  /// `safeCount` over `pairs`.
  public var safeShare: Double?
  /// Share of held-out captions among the ten nearest to their image, where pairs were held out.
  public var recallAt10: Double?
  /// Wall-clock time of this process's part of the scan.
  public var seconds: Double
  /// The report's file.
  public var report: String
  /// The model's folder, where one was asked for.
  public var model: String?

  /// One pair of the list.
  public struct RiskyPair: Codable, Sendable, Equatable {
    /// The crawl's name for it.
    public var key: String
    /// In 0...1.
    public var risk: Double
    /// Cosine, in -1...1.
    public var similarity: Double
    /// The caption.
    public var caption: String
  }

  /// A number with its 95 % interval.
  public struct Estimate: Codable, Sendable, Equatable {
    /// What it is.
    public var name: String
    /// Of what: `crawl` or `safeSet`.
    public var subject: String
    /// The number.
    public var value: Double
    /// Lower end of the interval.
    public var low: Double?
    /// Upper end of the interval.
    public var high: Double?
  }
}

extension ScanSummary {
  /// What an alignment means for the scores, judged by the lower end of its interval.
  package static func trust(alignment: IntervalEstimate) -> String {
    switch alignment.lower {
    case ..<0.6:
      """
      The scores hardly tell true pairs from shuffled ones: do not act on them. The crawl is too \
      small or its captions say too little for this model.
      """
    case ..<0.75:
      """
      The scores tell true pairs from shuffled ones weakly: use the ranking to choose what to look \
      at, not to delete.
      """
    case ..<0.9:
      """
      The scores tell most true pairs from shuffled ones: the top of the ranking is worth a review, \
      single risks can be wrong.
      """
    default:
      "The scores tell true pairs from shuffled ones well."
    }
  }
}
