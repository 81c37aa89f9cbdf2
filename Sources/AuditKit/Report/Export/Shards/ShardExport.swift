/// Pairs that are to be written as shards of their own, with all that the crawl has of each.
public struct ShardExport: Sendable, Equatable {
  /// As img2dataset has it.
  public static let usualPairsPerShard = 10_000

  /// Which pairs; the shards have them in the crawl's order, whatever theirs is.
  public var choice: PairChoice
  /// The folder that the shards appear in.
  public var folder: String
  /// So many in each shard but the last.
  public var pairsPerShard: Int
  /// Whether an earlier export may be replaced.
  public var replaces: Bool

  /// What an export wrote.
  public struct Summary: Sendable, Equatable {
    /// Pairs in all shards.
    public var pairs: Int
    /// Shards.
    public var shards: Int

    /// So many of both.
    public init(pairs: Int, shards: Int) {
      self.pairs = pairs
      self.shards = shards
    }
  }

  /// An export into a folder that is new or empty, or replaces an earlier one.
  public init(
    _ choice: PairChoice, folder: String, pairsPerShard: Int = usualPairsPerShard,
    replaces: Bool = false
  ) {
    precondition(pairsPerShard > 0)
    self.choice = choice
    self.folder = folder
    self.pairsPerShard = pairsPerShard
    self.replaces = replaces
  }
}
