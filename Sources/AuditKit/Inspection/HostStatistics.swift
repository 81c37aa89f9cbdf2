import AuditDump

/// Where the images of a crawl came from.
public struct HostStatistics: Codable, Sendable, Equatable {
  /// Pairs whose address is known.
  public var knownPairs: Int
  /// Different hosts.
  public var hostCount: Int
  /// Those of the most pairs.
  public var largest: [Host]
  /// Pairs that have DataComp's identifier.
  public var pairsWithIdentifier: Int
  /// Pairs with a hash of the image's bytes.
  public var pairsWithHash: Int

  /// A host and its pairs.
  public struct Host: Codable, Sendable, Equatable {
    /// The host's name in lower case, without a port.
    public var name: String
    /// Pairs whose image came from it.
    public var pairs: Int
  }
}

/// Counts hosts.
struct HostCensus {
  private var pairs: [String: Int] = [:]
  private var (known, identified, hashed, told) = (0, 0, 0, 0)

  mutating func count(_ origin: PairOrigin?) {
    guard let origin else { return }
    told += 1
    if origin.uid != nil { identified += 1 }
    if origin.sha256 != nil { hashed += 1 }
    guard let host = origin.host else { return }
    known += 1
    pairs[host, default: 0] += 1
  }

  func statistics(largest count: Int) -> HostStatistics? {
    guard told > 0 else { return nil }
    let largest = pairs.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(count)
    return HostStatistics(
      knownPairs: known, hostCount: pairs.count,
      largest: largest.map { HostStatistics.Host(name: $0.key, pairs: $0.value) },
      pairsWithIdentifier: identified, pairsWithHash: hashed)
  }
}
