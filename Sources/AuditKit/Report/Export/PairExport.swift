/// Pairs to write out as a list, a record for each.
public struct PairExport: Sendable, Equatable {
  /// How a pair is written.
  public enum Format: String, Codable, CaseIterable, Sendable {
    /// A header, then a record for each pair (RFC 4180, but with LF).
    case csv
    /// A JSON object for each pair.
    case jsonl
    /// The key of each pair.
    case txt
  }

  /// What CSV and JSON tell of a pair.
  public enum Content: Sendable, Equatable {
    /// What is known of it: `columns`.
    case findings
    /// Where its image lies: `placeColumns`.
    case places
  }

  /// The columns of findings.
  ///
  /// The first six are a contract; new ones are only added at the end.
  public static let columns = [
    "key", "source", "risk", "similarity", "posterior", "safe", "caption", "width", "height",
    "sha256", "rank", "url", "uid",
  ]

  /// The columns of places: the file, the member of a shard, the first byte and how many there are.
  public static let placeColumns = ["shard", "member", "offset", "length"]

  /// Which pairs.
  public var choice: PairChoice
  /// How they are written.
  public var format: Format
  /// What is told of them.
  public var content: Content

  /// An export of what is known of some pairs, unless their places are asked for.
  public init(_ choice: PairChoice, format: Format, content: Content = .findings) {
    self.choice = choice
    self.format = format
    self.content = content
  }
}
