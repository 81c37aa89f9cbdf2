import AuditRisk
import Foundation

/// Dimensionality-aware outlier detection (Anderberg and others, SDM 2024, arXiv:2401.05453).
///
/// Over the k nearest images o of an image x
///
///     DAO(x) = 1/k Σ (kdist(x) / kdist(o))^LID(o)
///
/// A ball twice as wide holds 2^LID times the images, so this is the ratio of densities where
/// `SimplifiedLOF` has one of distances. LID is estimated from the k neighbours of o.
///
/// The risk is ln DAO(x), which gives the same order and is finite for all ratios and dimensions; 0
/// in the midst of images, and for a pair without neighbours.
package struct DAO: LocalOutlierDetector {
  /// The greatest local intrinsic dimension, far above the tens that embeddings have.
  package static let dimensionLimit = 1_000.0

  /// Nearest images that are looked at, and from which dimensions are estimated.
  package var k: Int
  /// The least distance that counts, as a share of the median k-distance; greater than 0.
  package var floorShare: Double

  /// A detector with 16 neighbours, as in the paper on CLIP, unless told otherwise.
  package init(k: Int = 16, floorShare: Double = 0.1) {
    precondition(floorShare > 0, "the floor of distances is \(floorShare)")
    self.k = k
    self.floorShare = floorShare
  }

  package func risks(_ neighbours: Neighbours) -> [Double] {
    let distances = NeighbourDistances(neighbours, k: k, floorShare: floorShare)
    let dimensions = distances.intrinsicDimensions(limit: Self.dimensionLimit)
    return (0..<neighbours.rowCount).map { row in
      var exponents = distances.ratios(of: row).map { log($0) }
      for (place, neighbour) in neighbours.indices(of: row, first: k).enumerated() {
        exponents[place] *= dimensions[Int(neighbour)]
      }
      return Self.logMeanExponential(exponents)
    }
  }

  /// ln(1/n Σ exp(x)), taken out of the sum at the greatest x; 0 without numbers.
  private static func logMeanExponential(_ exponents: [Double]) -> Double {
    guard let greatest = exponents.max() else { return 0 }
    var sum = 0.0
    for exponent in exponents { sum += exp(exponent - greatest) }
    return greatest + log(sum / Double(exponents.count))
  }
}
