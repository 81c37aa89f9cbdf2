/// The hosts that a run's images came from.
public struct HostList: Sendable, Equatable {
  /// Pairs whose URL names a host.
  public let pairCount: Int
  /// Hosts.
  public let hostCount: Int
  /// Hosts that are riskier than the rest of the crawl, by more than chance.
  public let riskierCount: Int
  /// The hosts of the most pairs, most first.
  public let largest: [HostRow]
  /// Hosts that are riskier than the rest, surest first.
  public let riskier: [HostRow]
}
