import AuditRisk
/// The distance of an image to its k-th nearest one (Ramaswamy, Rastogi and Shim, SIGMOD 2000,
/// doi:10.1145/342009.335437).
///
/// A pair that has fewer neighbours is measured to the last, one that has none at 0.
package struct KDistance: LocalOutlierDetector {
  /// The neighbour whose distance counts.
  package var k: Int

  /// A detector with 16 neighbours, as in the paper on CLIP, unless told otherwise.
  package init(k: Int = 16) {
    self.k = k
  }

  package func risks(_ neighbours: Neighbours) -> [Double] { neighbours.kDistances(k) }
}
