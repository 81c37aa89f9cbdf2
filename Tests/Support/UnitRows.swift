import Foundation
import NeuralKit

/// Rows of unit length for tests, and what can be done to them without changing their geometry.
package enum UnitRows {
  /// Row i, column j: sin(0.9 (i + 1) (j + 2) + phase) + 0.5 cos(0.37 (i² + 3 j)), over the length.
  ///
  /// Golden values were computed from the same formula, the rows rounded to single precision.
  package static func waves(_ count: Int, _ width: Int, phase: Double = 0) -> Tensor {
    var values: [[Double]] = []
    for i in 0..<count {
      values.append(
        (0..<width).map { j in
          let wave = sin(0.9 * Double((i + 1) * (j + 2)) + phase)
          return wave + 0.5 * cos(0.37 * Double(i * i + 3 * j))
        })
    }
    return unit(values)
  }

  /// Rows in random directions, drawn towards `center` (of unit length) where there is one: noise
  /// of about the length `spread` is added to it.
  package static func random(
    _ count: Int, _ width: Int, center: [Double]? = nil, spread: Double = 1,
    using generator: inout SeededGenerator
  ) -> [[Double]] {
    var rows: [[Double]] = []
    for _ in 0..<count {
      let noise = generator.normals(width).map { spread * Double($0) / Double(width).squareRoot() }
      rows.append((0..<width).map { noise[$0] + (center?[$0] ?? 0) })
    }
    return rows
  }

  /// The unit vector along axis `axis`.
  package static func axis(_ axis: Int, _ width: Int) -> [Double] {
    (0..<width).map { $0 == axis ? 1 : 0 }
  }

  /// The rows divided by their lengths.
  package static func unit(_ rows: [[Double]]) -> Tensor {
    var scalars: [Float] = []
    for row in rows {
      var square = 0.0
      for value in row { square += value * value }
      for value in row { scalars.append(Float(value / square.squareRoot())) }
    }
    return Tensor(scalars, shape: [rows.count, rows.first?.count ?? 4])
  }

  /// Rows one after the other.
  package static func stacked(_ first: Tensor, _ second: Tensor) -> Tensor {
    Tensor(
      first.scalars + second.scalars,
      shape: [first.rowCount + second.rowCount, first.columnCount])
  }

  /// Row `order[i]` at place i.
  package static func gathered(_ rows: Tensor, _ order: [Int32]) -> Tensor {
    ReferenceBackend().gatherRows(rows, order)
  }

  /// The rows reflected in a random plane and then in another, which is a rotation.
  package static func rotated(_ rows: Tensor, seed: UInt64) -> Tensor {
    var generator = SeededGenerator(seed: seed)
    var scalars = rows.scalars.map { Double($0) }
    let width = rows.columnCount
    for _ in 0..<2 {
      let normal = generator.normals(width).map { Double($0) }
      var square = 0.0
      for value in normal { square += value * value }
      for row in 0..<rows.rowCount {
        var projection = 0.0
        for column in 0..<width { projection += normal[column] * scalars[row * width + column] }
        for column in 0..<width {
          scalars[row * width + column] -= 2 * projection / square * normal[column]
        }
      }
    }
    return Tensor(scalars.map { Float($0) }, shape: rows.shape)
  }

  /// The greatest difference of numbers at the same place; infinite where there are not as many, or
  /// one is not a number.
  package static func distance(_ left: [Double], _ right: [Double]) -> Double {
    guard left.count == right.count else { return .infinity }
    var greatest = 0.0
    for place in left.indices {
      let difference = abs(left[place] - right[place])
      guard difference.isFinite else { return .infinity }
      greatest = max(greatest, difference)
    }
    return greatest
  }
}
