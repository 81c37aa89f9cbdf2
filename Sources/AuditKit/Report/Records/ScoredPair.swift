/// A pair with what the run thinks of it.
public struct ScoredPair: Sendable, Codable, Equatable {
  /// Its place in the crawl, from 0.
  public let ordinal: Int
  /// The pair itself.
  public let pair: PairRecord
  /// What the run thinks of it; nil before the first scores.
  public let score: Score?

  /// Similarity, risk and place of one pair.
  public struct Score: Sendable, Codable, Equatable {
    /// Cosine of the image's and the caption's embedding, in -1...1.
    public let similarity: Float
    /// The mixture's posterior of the better matching component; nil before the first split.
    public let posterior: Double?
    /// 1 - posterior made monotone in the similarity, in 0...1; nil before the first split.
    public let risk: Double?
    /// Whether it is in the safe set.
    public let isSafe: Bool
    /// 1 for the riskiest pair.
    public let rank: Int
    /// Whether the scores are the run's last.
    public let isFinal: Bool
  }
}
