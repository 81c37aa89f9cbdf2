import AuditRisk
/// The simplified local outlier factor (Schubert, Zimek and Kriegel, 2014,
/// doi:10.1007/s10618-012-0300-z).
///
/// Over the k nearest images o of an image x
///
///     SLOF(x) = 1/k Σ kdist(x) / kdist(o)
///
/// About 1 in the midst of images, greater where x has fewer images round it than its neighbours
/// have. A pair without neighbours has 1.
package struct SimplifiedLOF: LocalOutlierDetector {
  /// Nearest images that are looked at.
  package var k: Int
  /// The least distance that counts, as a share of the median k-distance; greater than 0.
  ///
  /// A tenth, because copies of an image would otherwise make outliers of all images near them.
  package var floorShare: Double

  /// A detector with 16 neighbours, as in the paper on CLIP, unless told otherwise.
  package init(k: Int = 16, floorShare: Double = 0.1) {
    precondition(floorShare > 0, "the floor of distances is \(floorShare)")
    self.k = k
    self.floorShare = floorShare
  }

  package func risks(_ neighbours: Neighbours) -> [Double] {
    let distances = NeighbourDistances(neighbours, k: k, floorShare: floorShare)
    return (0..<neighbours.rowCount).map { row in
      let ratios = distances.ratios(of: row)
      return ratios.isEmpty ? 1 : ratios.reduce(0, +) / Double(ratios.count)
    }
  }
}
