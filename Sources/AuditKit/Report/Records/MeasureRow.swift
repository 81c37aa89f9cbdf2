import GRDB

/// A result of an evaluation, such as retrieval's recall@10.
public struct MeasureRow: Sendable, Codable, Equatable {
  /// What was measured, such as "recallAt10".
  public var name: String
  /// On what, such as "heldOut" or "planted".
  public var subject: String
  /// The result.
  public var value: Double
  /// Lower end of the 95 % interval, where there is one.
  public var low: Double?
  /// Upper end of the 95 % interval, where there is one.
  public var high: Double?

  /// A result, with both ends of its interval or none.
  public init(
    name: String, subject: String, value: Double, low: Double? = nil, high: Double? = nil
  ) {
    self.name = name
    self.subject = subject
    self.value = value
    self.low = low
    self.high = high
  }
}

extension MeasureRow: FetchableRecord {
  /// Reads a row of table `measure`.
  public init(row: Row) {
    self.init(
      name: row["name"], subject: row["subject"], value: row["value"], low: row["low"],
      high: row["high"])
  }
}
