/// Which pairs of a crawl are poisoned, and which of those belong together.
///
/// Poisoned pairs that share a target are found together or missed together. They are one cluster,
/// and clusters, not pairs, are what an attacker draws anew.
package struct DetectionTruth: Sendable, Hashable {
  /// Whether each pair of the crawl is poisoned.
  package let isPoisoned: [Bool]
  /// The poisoned pairs of each cluster, as ascending indices into the crawl; clusters in the order
  /// of their first pairs.
  package let clusters: [[Int]]

  /// A truth with one entry a pair: the cluster of a poisoned one, nil for a clean one.
  ///
  /// Clusters are told apart by their numbers; which numbers does not matter.
  package init(clusters numbers: [Int?]) {
    var places: [Int: Int] = [:]
    var clusters: [[Int]] = []
    for (pair, number) in numbers.enumerated() {
      guard let number else { continue }
      if let place = places[number] {
        clusters[place].append(pair)
      } else {
        places[number] = clusters.count
        clusters.append([pair])
      }
    }
    isPoisoned = numbers.map { $0 != nil }
    self.clusters = clusters
  }

  /// A truth in which every poisoned pair is a cluster of its own.
  package init(isPoisoned: [Bool]) {
    self.isPoisoned = isPoisoned
    clusters = isPoisoned.indices.filter { isPoisoned[$0] }.map { [$0] }
  }

  /// A truth of `pairCount` pairs in which each of the `poisoned` indices is a cluster of its own.
  package init(pairCount: Int, poisoned: Set<Int>) {
    precondition(
      poisoned.allSatisfy { (0..<pairCount).contains($0) },
      "a poisoned pair is not one of \(pairCount)")
    self.init(isPoisoned: (0..<pairCount).map { poisoned.contains($0) })
  }

  /// Pairs of the crawl.
  package var pairCount: Int { isPoisoned.count }

  /// Poisoned ones among them.
  package var poisonedCount: Int { clusters.reduce(0) { $0 + $1.count } }
}
