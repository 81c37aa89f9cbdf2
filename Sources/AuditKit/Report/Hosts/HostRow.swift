/// A host that images came from, with what a run thinks of its pairs.
public struct HostRow: Sendable, Codable, Equatable {
  /// At most this is the chance that any host at all is called riskier without being so.
  public static let significance = 0.05

  /// In lower case, without port.
  public let host: String
  /// Its pairs.
  public let pairCount: Int
  /// Those of them outside the safe set.
  public let riskyCount: Int
  /// The share outside the safe set among all other pairs of the run, with or without a host, in 0...1; nil where
  /// there are none.
  public let riskyShareOfOthers: Double?
  /// Mean risk of its pairs, in 0...1.
  public let meanRisk: Double
  /// How probable a difference as large as that of the two shares is by chance, times the number of hosts that are
  /// compared; at most 1.
  public let pValue: Double

  /// The share of its pairs outside the safe set, in 0...1.
  public var riskyShare: Double { Double(riskyCount) / Double(pairCount) }

  /// Whether its share is larger than that of all other pairs, by more than chance.
  public var isRiskier: Bool {
    guard let riskyShareOfOthers else { return false }
    return riskyShare > riskyShareOfOthers && pValue < Self.significance
  }
}
