import NeuralKit

/// The partition of points into two clusters with the least sum of squared distances to their
/// centres that a few starts lead to.
///
/// Lloyd's iteration (1982, doi:10.1109/TIT.1982.1056489) from centres drawn as k-means++ draws
/// them (Arthur and Vassilvitskii, SODA 2007).
package struct TwoMeans: Sendable {
  private static let maximumIterations = 300

  /// `[N]`: whether a point is in the second cluster.
  package let isInSecond: [Bool]
  /// `[N]`: how much nearer the own centre is than the other, (b - a) / b with distances a ≤ b.
  ///
  /// In 0...1. It is the silhouette with centres in place of all members of the clusters, at O(N).
  package let margins: [Double]
  /// The sum of squared distances to the own centre.
  package let inertia: Double

  /// Clusters the `[N, width]` points; nil where fewer than two of them differ.
  package static func fit(
    _ points: [Double], width: Int, starts: Int, using generator: inout SeededGenerator
  ) -> TwoMeans? {
    let cloud = PointCloud(points: points, width: width)
    var best: TwoMeans?
    for _ in 0..<starts {
      guard let centers = cloud.drawCenters(using: &generator) else { return nil }
      let found = TwoMeans(cloud, from: centers)
      if found.inertia < best?.inertia ?? .infinity { best = found }
    }
    return best
  }

  private init(_ cloud: PointCloud, from start: ([Double], [Double])) {
    var centers = start
    var assigned = cloud.nearestIsSecond(centers)
    for _ in 0..<Self.maximumIterations {
      centers = (cloud.mean(assigned, false), cloud.mean(assigned, true))
      let next = cloud.nearestIsSecond(centers)
      // No cluster can become empty but by rounding.
      guard next != assigned, next.contains(true), next.contains(false) else { break }
      assigned = next
    }
    var margins: [Double] = []
    var inertia = 0.0
    for point in 0..<cloud.count {
      let distances = (
        cloud.squaredDistance(point, centers.0), cloud.squaredDistance(point, centers.1)
      )
      let (own, other) = assigned[point] ? (distances.1, distances.0) : distances
      inertia += own
      margins.append(other > 0 ? max(0, 1 - (own / other).squareRoot()) : 0)
    }
    isInSecond = assigned
    self.margins = margins
    self.inertia = inertia
  }
}

/// Points of `width` coordinates each.
private struct PointCloud {
  let points: [Double]
  let width: Int

  var count: Int { width > 0 ? points.count / width : 0 }

  func squaredDistance(_ point: Int, _ center: [Double]) -> Double {
    var sum = 0.0
    for column in 0..<width {
      let difference = points[point * width + column] - center[column]
      sum += difference * difference
    }
    return sum
  }

  /// Whether each point is nearer to the second centre than to the first.
  func nearestIsSecond(_ centers: ([Double], [Double])) -> [Bool] {
    (0..<count).map { squaredDistance($0, centers.1) < squaredDistance($0, centers.0) }
  }

  /// The mean of the points that are in the second cluster, or of the others.
  func mean(_ isInSecond: [Bool], _ second: Bool) -> [Double] {
    var sums = [Double](repeating: 0, count: width)
    var members = 0
    for point in 0..<count where isInSecond[point] == second {
      members += 1
      for column in 0..<width { sums[column] += points[point * width + column] }
    }
    return sums.map { $0 / Double(max(1, members)) }
  }

  /// Any point, and one drawn with the square of its distance from it; nil where all are equal.
  func drawCenters(using generator: inout SeededGenerator) -> ([Double], [Double])? {
    guard count > 1 else { return nil }
    let first = coordinates(generator.index(below: count))
    let weights = (0..<count).map { squaredDistance($0, first) }
    let total = weights.reduce(0, +)
    guard total > 0 else { return nil }
    var remaining = Double(generator.uniform()) * total
    var chosen = 0
    for (point, weight) in weights.enumerated() where weight > 0 {
      chosen = point
      remaining -= weight
      if remaining < 0 { break }
    }
    return (first, coordinates(chosen))
  }

  private func coordinates(_ point: Int) -> [Double] {
    Array(points[point * width..<(point + 1) * width])
  }
}
