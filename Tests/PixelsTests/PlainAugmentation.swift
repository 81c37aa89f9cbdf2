import Foundation

/// torchvision's colour operations, pixel by pixel, without any haste.
enum PlainAugmentation {
  typealias Pixel = (Double, Double, Double)

  static func grey(_ pixel: Pixel) -> Double {
    0.2989 * pixel.0 + 0.587 * pixel.1 + 0.114 * pixel.2
  }

  static func blend(_ pixel: Pixel, _ other: Double, _ factor: Double) -> Pixel {
    func mix(_ value: Double) -> Double { min(max(factor * value + (1 - factor) * other, 0), 1) }
    return (mix(pixel.0), mix(pixel.1), mix(pixel.2))
  }

  static func turnHue(_ pixel: Pixel, _ turn: Double) -> Pixel {
    let (red, green, blue) = pixel
    let value = max(red, green, blue)
    let chroma = value - min(red, green, blue)
    guard chroma > 0 else { return pixel }
    var hue: Double
    if value == red {
      hue = (green - blue) / chroma / 6
    } else if value == green {
      hue = (2 + (blue - red) / chroma) / 6
    } else {
      hue = (4 + (red - green) / chroma) / 6
    }
    hue = (hue + turn).truncatingRemainder(dividingBy: 1)
    if hue < 0 { hue += 1 }
    let sextant = Int(hue * 6)
    let fraction = hue * 6 - Double(sextant)
    let low = value - chroma
    let falling = value - fraction * chroma
    let rising = value - (1 - fraction) * chroma
    return switch sextant % 6 {
    case 0: (value, rising, low)
    case 1: (falling, value, low)
    case 2: (low, value, rising)
    case 3: (low, falling, value)
    case 4: (rising, low, value)
    default: (value, low, falling)
    }
  }

  /// One plane `[edge, edge]`, edges reflected.
  static func blur(_ plane: [Double], edge: Int, weights: [Double]) -> [Double] {
    let radius = weights.count / 2
    func reflect(_ index: Int) -> Int {
      index < 0 ? -index : index < edge ? index : 2 * (edge - 1) - index
    }
    return (0..<(edge * edge)).map { position in
      let (y, x) = position.quotientAndRemainder(dividingBy: edge)
      var sum = 0.0
      for dy in -radius...radius {
        for dx in -radius...radius {
          sum +=
            weights[dy + radius] * weights[dx + radius]
            * plane[reflect(y + dy) * edge + reflect(x + dx)]
        }
      }
      return sum
    }
  }

  /// Bilinear resampling of a crop with antialiasing, one channel, values 0...1.
  static func resample(
    _ image: [[Double]], x: Range<Int>, y: Range<Int>, edge: Int
  ) -> [[Double]] {
    func weights(_ length: Int) -> [[Double]] {
      let scale = Double(length) / Double(edge)
      return (0..<edge).map { i in
        let centre = (Double(i) + 0.5) * scale
        let raw = (0..<length).map { index -> Double in
          let distance: Double = abs(Double(index) + 0.5 - centre) / max(scale, 1)
          return max(0, 1 - distance)
        }
        let sum = raw.reduce(0, +)
        return raw.map { $0 / sum }
      }
    }
    let (across, down) = (weights(x.count), weights(y.count))
    return down.map { rows in
      across.map { columns in
        var sum = 0.0
        for (i, row) in zip(y, rows) where row > 0 {
          for (j, column) in zip(x, columns) where column > 0 { sum += row * column * image[i][j] }
        }
        return sum
      }
    }
  }
}
