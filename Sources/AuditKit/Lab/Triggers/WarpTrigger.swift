import AuditPixels
import NeuralKit

/// A smooth warp that hardly shows (WaNet: Nguyen and Tran, 2021, arXiv:2102.10369): a random field of
/// `[grid, grid]` displacements, scaled to a mean length, interpolated over the image.
package struct WarpTrigger: Trigger {
  /// Control points along each edge, at least 2.
  package let grid: Int
  /// Mean displacement along each axis as a share of the image's edge.
  ///
  /// The paper's is a quarter of a pixel in 32: 1/128. A share, so that thumbnails keep it.
  package var strength: Double
  /// `[grid, grid]` displacements along x and y, of mean length 1 along each.
  private let field: [(x: Double, y: Double)]

  package init(grid: Int = 4, strength: Double = 1.0 / 64, seed: UInt64 = 0) {
    precondition(grid >= 2 && strength >= 0, "a grid of \(grid), strength \(strength)")
    self.grid = grid
    self.strength = strength
    var generator = SeededGenerator(seed: seed, 0x3A9E)
    let raw = (0..<grid * grid * 2).map { _ in Double(generator.uniform(in: -1..<1)) }
    let mean = raw.reduce(0) { $0 + abs($1) } / Double(raw.count)
    field = (0..<grid * grid).map { (raw[2 * $0] / mean, raw[2 * $0 + 1] / mean) }
  }

  package func applied(to image: Bitmap, using generator: inout SeededGenerator) -> Bitmap {
    let (width, height) = (image.width, image.height)
    let columns = weights(along: width)
    var pixels: [UInt8] = []
    pixels.reserveCapacity(image.pixels.count)
    for (y, rows) in weights(along: height).enumerated() {
      for x in 0..<width {
        let shift = displacement(columns[x], rows)
        image.appendSample(
          x: Double(x) + strength * Double(width) * shift.x,
          y: Double(y) + strength * Double(height) * shift.y, to: &pixels)
      }
    }
    return Bitmap(width: width, height: height, pixels: pixels)
  }

  /// The field where these weights meet.
  private func displacement(
    _ columns: [(index: Int, weight: Double)], _ rows: [(index: Int, weight: Double)]
  ) -> (x: Double, y: Double) {
    var sum = (x: 0.0, y: 0.0)
    for row in rows {
      for column in columns {
        let point = field[row.index * grid + column.index]
        sum.x += row.weight * column.weight * point.x
        sum.y += row.weight * column.weight * point.y
      }
    }
    return sum
  }

  /// For each of `count` pixels along an edge the control points that move it, smooth between them
  /// (Catmull-Rom).
  private func weights(along count: Int) -> [[(index: Int, weight: Double)]] {
    (0..<count).map {
      Self.weights(
        at: Double($0) / Double(max(1, count - 1)) * Double(grid - 1), count: grid)
    }
  }

  /// The four control points around `position` with their weights; beyond an end its point repeats.
  private static func weights(at position: Double, count: Int) -> [(index: Int, weight: Double)] {
    let start = min(Int(position), count - 2)
    let t = position - Double(start)
    let cubic = [
      ((-t + 2) * t - 1) * t / 2, ((3 * t - 5) * t * t + 2) / 2, ((-3 * t + 4) * t + 1) * t / 2,
      (t - 1) * t * t / 2,
    ]
    return cubic.enumerated().map { (min(max(start - 1 + $0.offset, 0), count - 1), $0.element) }
  }
}

extension Bitmap {
  /// The colour between pixels, bilinear; places outside take the edge's.
  fileprivate func appendSample(x: Double, y: Double, to result: inout [UInt8]) {
    let (x, y) = (min(max(x, 0), Double(width - 1)), min(max(y, 0), Double(height - 1)))
    let (left, top) = (min(Int(x), max(0, width - 2)), min(Int(y), max(0, height - 2)))
    let (right, bottom) = (min(left + 1, width - 1), min(top + 1, height - 1))
    let (fx, fy) = (x - Double(left), y - Double(top))
    for channel in 0..<3 {
      func value(_ column: Int, _ row: Int) -> Double {
        Double(pixels[(row * width + column) * 3 + channel])
      }
      let upper = (1 - fx) * value(left, top) + fx * value(right, top)
      let lower = (1 - fx) * value(left, bottom) + fx * value(right, bottom)
      result.append(UInt8(((1 - fy) * upper + fy * lower).rounded()))
    }
  }
}
