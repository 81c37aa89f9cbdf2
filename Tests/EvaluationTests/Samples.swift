import Foundation
import NeuralKit

/// Whether numbers differ by at most `tolerance`.
func isClose(_ left: Double, _ right: Double, within tolerance: Double) -> Bool {
  abs(left - right) <= tolerance
}

/// The greatest distance between numbers at the same place; infinite where there are not as many.
func largestDifference(_ left: [Double], _ right: [Double]) -> Double {
  guard left.count == right.count else { return .infinity }
  return left.indices.reduce(0) { max($0, abs(left[$1] - right[$1])) }
}

/// A matrix whose elements follow a formula.
func matrix(_ rows: Int, _ columns: Int, _ element: (Int, Int) -> Double) -> Tensor {
  var scalars: [Float] = []
  for row in 0..<rows {
    for column in 0..<columns { scalars.append(Float(element(row, column))) }
  }
  return Tensor(scalars, shape: [rows, columns])
}

/// Risks of pairs of which every tenth is poisoned and shifted upward.
enum GoldenCrawl {
  static let isPoisoned = (0..<200).map { $0 % 10 == 3 }
  static let continuousRisks = (0..<200).map { pair in wave(pair) + (isPoisoned[pair] ? 0.8 : 0) }
  /// 24 different values.
  static let tiedRisks = (0..<200).map { pair in
    let height = 20 * (0.5 + 0.5 * wave(pair))
    return (height + (isPoisoned[pair] ? 6 : 0)).rounded(.down)
  }
  /// Eight clusters of two or three poisoned pairs.
  static let clusters = (0..<200).map { pair in isPoisoned[pair] ? pair / 10 % 8 : nil }

  private static func wave(_ pair: Int) -> Double { sin(Double(pair) * 1.7) }
}
