import AuditPixels
import NeuralKit

/// Bicubic resizing as Pillow does it, without any haste.
enum PlainResize {
  static func bicubic(_ bitmap: Bitmap, _ width: Int, _ height: Int) -> Bitmap {
    let across = bitmap.pixels.chunked(bitmap.width * 3).flatMap { row in
      resample((0..<3).map { c in stride(from: c, to: row.count, by: 3).map { row[$0] } }, width)
    }
    let columns = (0..<width).map { x in
      (0..<3).map { c in (0..<bitmap.height).map { across[($0 * width + x) * 3 + c] } }
    }
    let down = columns.map { resample($0, height) }
    let pixels = (0..<height).flatMap { y in
      (0..<width).flatMap { x in (0..<3).map { down[x][y * 3 + $0] } }
    }
    return Bitmap(width: width, height: height, pixels: pixels)
  }

  /// Three channels of one line -> interleaved line of `output` pixels.
  private static func resample(_ line: [[UInt8]], _ output: Int) -> [UInt8] {
    let input = line[0].count
    if input == output { return (0..<input).flatMap { i in line.map { $0[i] } } }
    let scale = Double(input) / Double(output)
    let widening = max(scale, 1)
    return (0..<output).flatMap { i in
      let centre = (Double(i) + 0.5) * scale
      let first = max(Int(centre - 2 * widening + 0.5), 0)
      let end = min(Int(centre + 2 * widening + 0.5), input)
      let weights = (first..<end).map { cubic((Double($0) - centre + 0.5) * (1 / widening)) }
      let sum = weights.reduce(0, +)
      let fixed = weights.map { Int(($0 / sum * 4_194_304).rounded(.toNearestOrAwayFromZero)) }
      return line.map { channel in
        let total = zip(first..<end, fixed).reduce(1 << 21) { $0 + Int(channel[$1.0]) * $1.1 }
        return UInt8(min(max(total >> 22, 0), 255))
      }
    }
  }

  private static func cubic(_ value: Double) -> Double {
    let x = abs(value)
    if x < 1 { return (1.5 * x - 2.5) * x * x + 1 }
    if x < 2 { return ((-0.5 * x + 2.5) * x - 4) * x + 2 }
    return 0
  }
}

extension Bitmap {
  static func noise(width: Int, height: Int, seed: UInt64 = 1) -> Bitmap {
    var generator = SeededGenerator(seed: seed, UInt64(width), UInt64(height))
    return Bitmap(
      width: width, height: height,
      pixels: (0..<(width * height * 3)).map { _ in UInt8(generator.index(below: 256)) })
  }
}

extension Array {
  fileprivate func chunked(_ count: Int) -> [[Element]] {
    stride(from: 0, to: self.count, by: count).map { Array(self[$0..<($0 + count)]) }
  }
}
