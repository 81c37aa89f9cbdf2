import AuditRisk
import Foundation

/// k-distances kept off zero, for ratios of them.
///
/// Of an image that a crawl holds more than k times, all k distances are zero or nearly so. Each
/// distance counts as `floorShare` times the median k-distance at least (the median of those that
/// are not zero; 1 where all are), so that no neighbour weighs in with more than `1 / floorShare`
/// times what a median one does.
struct NeighbourDistances {
  /// The least that a distance counts.
  let floor: Double
  /// `[N]`: the floored distance to the k-th neighbour.
  let kDistances: [Double]
  private let neighbours: Neighbours
  private let k: Int

  init(_ neighbours: Neighbours, k: Int, floorShare: Double) {
    let raw = neighbours.kDistances(k)
    let positive = raw.filter { $0 > 0 }.sorted()
    let floor = positive.isEmpty ? 1 : floorShare * positive[positive.count / 2]
    self.floor = floor
    kDistances = raw.map { max($0, floor) }
    self.neighbours = neighbours
    self.k = k
  }

  /// kdist(x) / kdist(o) for each of the neighbours o of `row`.
  func ratios(of row: Int) -> [Double] {
    neighbours.indices(of: row, first: k).map { kDistances[row] / kDistances[Int($0)] }
  }

  /// The local intrinsic dimension at each row `[N]`.
  ///
  /// The maximum-likelihood estimate of Amsaleg et al. (KDD 2015, doi:10.1145/2783258.2783405): for
  /// distances x₁ ... xₖ
  ///
  ///     LID = -(1/k Σ ln(xᵢ / xₖ))⁻¹
  ///
  /// It is 0 where all distances are at the floor: copies of one image are a point. Where they are
  /// equal without that the estimate is infinite, and it is kept to `limit`.
  func intrinsicDimensions(limit: Double) -> [Double] {
    (0..<neighbours.rowCount).map { row in
      let widest = kDistances[row]
      guard widest > floor else { return 0 }
      var sum = 0.0
      let distances = neighbours.distances(of: row, first: k)
      for distance in distances { sum += log(widest / max(Double(distance), floor)) }
      return min(limit, Double(distances.count) / sum)
    }
  }
}
