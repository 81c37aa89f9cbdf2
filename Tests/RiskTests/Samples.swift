import NeuralKit

/// `count` values of N(mean, deviation²).
func normals(
  _ count: Int, mean: Float, deviation: Float, using generator: inout SeededGenerator
) -> [Float] {
  (0..<count).map { _ in mean + deviation * generator.normal() }
}

/// The greatest distance between numbers at the same place.
func largestDifference(_ left: [Double], _ right: [Double]) -> Double {
  zip(left, right).reduce(0) { max($0, abs($1.0 - $1.1)) }
}
