/// Pairs whose uids are to be written as a subset of a pool.
public struct SubsetExport: Sendable, Equatable {
  /// Which pairs; a file has their uids in ascending order, whatever theirs is.
  public var choice: PairChoice
  /// Whether pairs without a uid are left out; otherwise they are an error.
  public var allowsMissing: Bool

  /// What an export wrote.
  public struct Summary: Sendable, Equatable {
    /// Uids in the file.
    public var uids: Int
    /// Pairs that have none.
    public var missing: Int
    /// Pairs whose uid another pair has too, beyond the first of each.
    public var repeated: Int

    /// So many of each.
    public init(uids: Int = 0, missing: Int = 0, repeated: Int = 0) {
      self.uids = uids
      self.missing = missing
      self.repeated = repeated
    }
  }

  /// An export of pairs that all have a uid, unless told otherwise.
  public init(_ choice: PairChoice, allowsMissing: Bool = false) {
    self.choice = choice
    self.allowsMissing = allowsMissing
  }
}
