import GRDB

/// What an estimate speaks of.
public enum EstimateSubject: String, Codable, CaseIterable, Sendable {
  /// All pairs.
  case crawl
  /// The pairs of the safe set.
  case safeSet
}

/// A share of pairs that a method estimated, with its interval.
public struct EstimateRow: Sendable, Codable, Equatable {
  /// Share of pairs that the mixture assigns to its lower component, trusted ones apart.
  public static let mixtureRiskyShare = "mixtureRiskyShare"
  /// Share of pairs that behave like shuffled ones.
  public static let mismatchRate = "mismatchRate"

  /// The method.
  public var name: String
  /// What it speaks of.
  public var subject: EstimateSubject
  /// The estimate.
  public var value: Double
  /// Lower end of the 95 % interval, where the method gives one.
  public var low: Double?
  /// Upper end of the 95 % interval, where the method gives one.
  public var high: Double?

  /// An estimate, with both ends of its interval or none.
  public init(
    name: String, subject: EstimateSubject, value: Double, low: Double? = nil, high: Double? = nil
  ) {
    self.name = name
    self.subject = subject
    self.value = value
    self.low = low
    self.high = high
  }

  /// Whether there were too few pairs to say anything: every share is possible.
  public var isUnknown: Bool { low == 0 && high == 1 }
}

extension EstimateRow: FetchableRecord {
  /// Reads a row of table `estimate`.
  public init(row: Row) throws {
    self.init(
      name: row["name"], subject: try EstimateSubject(column: "subject", of: row),
      value: row["value"], low: row["low"], high: row["high"])
  }
}
