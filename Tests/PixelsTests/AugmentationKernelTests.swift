import AuditPixels
import CPixels
import Foundation
import NeuralKit
import Testing

/// Each kernel of each instruction set against torchvision and against plain Swift.
@Suite(.serialized) struct AugmentationKernelTests {
  private static let raw = PixelNormalization(mean: [0, 0, 0], standardDeviation: [1, 1, 1])
  private static let levels = ["baseline", "avx2", "avx512"]

  @Test(arguments: levels)
  func resultsAreTorchvisions(_ level: String) throws {
    guard pixels_choose_kernels(level) != 0 else { return }
    defer { _ = pixels_choose_kernels(nil) }
    let file = try SafetensorsFile(Fixture.image("augmentation.safetensors"))
    let input = file.bytes("input")
    try #require(input.count == 17 * 17 * 3)
    for name in file.entries.keys.sorted() where name != "input" {
      let (plan, edge) = try plan(name)
      var configuration = ImageAugmentationConfiguration.identity
      configuration.blurKernelFraction = 0.25
      let augmentation = ImageAugmentation(configuration, edge: edge, normalization: Self.raw)
      var view = [Float](repeating: .nan, count: augmentation.viewCount)
      var output = view.mutableSpan
      augmentation.apply(plan, input.span, thumbnailEdge: 17, into: &output)
      let expected = file.floats(name)
      #expect(expected.count == view.count)
      let largest = zip(view, expected).map { abs($0 - $1) }.max() ?? .infinity
      #expect(largest < 2e-6, "\(name), \(level)")
    }
  }

  /// What a name in the file stands for.
  private func plan(_ name: String) throws -> (AugmentationPlan, edge: Int) {
    let words = name.split(separator: " ")
    let numbers = words.dropFirst().compactMap { Float($0) }
    var plan = AugmentationPlan(crop: .init(x: 0, y: 0, width: 17, height: 17))
    switch words[0] {
    case "brightness": plan.jitter = [.brightness(numbers[0])]
    case "contrast": plan.jitter = [.contrast(numbers[0])]
    case "saturation": plan.jitter = [.saturation(numbers[0])]
    case "hue": plan.jitter = [.hue(numbers[0])]
    case "greyscale": plan.isGreyscale = true
    case "blur": plan.blurSigma = numbers[0]
    case "crop":
      let values = numbers.map { Int($0) }
      plan.crop = .init(x: values[0], y: values[1], width: values[2], height: values[3])
      return (plan, values[4])
    default: try #require(Bool(false), "no operation '\(name)'")
    }
    return (plan, 17)
  }

  @Test(arguments: levels, [1, 3, 17, 64])
  func colourOperationsEqualThePlainOnes(_ level: String, _ edge: Int) {
    guard pixels_choose_kernels(level) != 0 else { return }
    defer { _ = pixels_choose_kernels(nil) }
    let count = edge * edge
    var generator = SeededGenerator(seed: 5, UInt64(edge))
    var image = (0..<(3 * count)).map { _ in generator.uniform() }
    // Greys, blacks, whites and ties between channels, which hue treats apart.
    for (i, value) in zip(0..<count, [0, 1, 0.5, 0.25, 1, 0] as [Float]) {
      for channel in 0..<(i % 3 + 1) { image[channel * count + i] = value }
    }
    let pixels = (0..<count).map { i in
      (Double(image[i]), Double(image[count + i]), Double(image[2 * count + i]))
    }
    let meanGrey = pixels.map(PlainAugmentation.grey).reduce(0, +) / Double(count)
    for factor in [0, 0.3, 1, 1.5] as [Float] {
      let wide = Double(factor)
      check(image, pixels.map { PlainAugmentation.blend($0, 0, wide) }) {
        pixels_adjust_brightness(&$0, count, factor)
      }
      check(image, pixels.map { PlainAugmentation.blend($0, meanGrey, wide) }) {
        pixels_adjust_contrast(&$0, count, factor)
      }
      check(image, pixels.map { PlainAugmentation.blend($0, PlainAugmentation.grey($0), wide) }) {
        pixels_adjust_saturation(&$0, count, factor)
      }
    }
    for turn in [-0.5, -0.21, 0, 0.08, 0.5] as [Float] {
      check(image, pixels.map { PlainAugmentation.turnHue($0, Double(turn)) }) {
        pixels_adjust_hue(&$0, count, turn)
      }
    }
    let greys = pixels.map(PlainAugmentation.grey).map { ($0, $0, $0) }
    check(image, greys) { pixels_greyscale(&$0, count) }
  }

  private func check(
    _ image: [Float], _ expected: [PlainAugmentation.Pixel], _ change: (inout [Float]) -> Void,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    var planes = image
    change(&planes)
    let count = expected.count
    let flat = expected.map(\.0) + expected.map(\.1) + expected.map(\.2)
    let largest = (0..<(3 * count)).map { abs(Double(planes[$0]) - flat[$0]) }.max() ?? .infinity
    // Hue divides differences by chroma; float32 leaves a few units in the last place.
    #expect(largest < 3e-6, sourceLocation: sourceLocation)
  }

  @Test(arguments: levels, [(1, 1), (3, 2), (17, 5), (17, 32), (64, 16), (64, 64)])
  func patternsAreMixedCellByCell(_ level: String, _ size: (edge: Int, cells: Int)) {
    guard pixels_choose_kernels(level) != 0 else { return }
    defer { _ = pixels_choose_kernels(nil) }
    let (edge, cells) = size
    var generator = SeededGenerator(seed: 7, UInt64(edge), UInt64(cells))
    let image = (0..<3 * edge * edge).map { _ in generator.uniform() }
    let colours = (0..<3 * cells * cells).map { _ in generator.uniform() }
    let (left, top) = (edge / 3, edge / 2)
    // The whole, and what is right of and below a point: wider than it is high.
    for (rows, columns) in [(0..<edge, 0..<edge), (top..<edge, left..<edge)] {
      let area = pixels_area(
        x: Int32(columns.lowerBound), y: Int32(rows.lowerBound), width: Int32(columns.count),
        height: Int32(rows.count))
      for opacity in [0, 0.2, 1] as [Float] {
        var planes = image
        pixels_mix_pattern(&planes, Int32(edge), area, colours, Int32(cells), opacity)
        var largest: Float = 0
        for place in planes.indices {
          let (channel, y, x) = (place / edge / edge, place / edge % edge, place % edge)
          var expected = image[place]
          if rows.contains(y), columns.contains(x) {
            let row = (y - rows.lowerBound) * cells / rows.count
            let column = (x - columns.lowerBound) * cells / columns.count
            let colour = colours[(channel * cells + row) * cells + column]
            expected = (1 - opacity) * image[place] + opacity * colour
          }
          largest = max(largest, abs(planes[place] - expected))
        }
        #expect(largest < 1e-6, "opacity \(opacity)")
      }
    }
  }

  @Test(arguments: levels, [(3, 1), (5, 4), (15, 3), (16, 1), (17, 16), (33, 5), (64, 3)])
  func blurEqualsThePlainOne(_ level: String, _ size: (edge: Int, radius: Int)) {
    guard pixels_choose_kernels(level) != 0 else { return }
    defer { _ = pixels_choose_kernels(nil) }
    let (edge, radius) = size
    let count = edge * edge
    var generator = SeededGenerator(seed: 6, UInt64(edge))
    var planes = (0..<(3 * count)).map { _ in generator.uniform() }
    let weights = (0...(2 * radius)).map { _ in generator.uniform() / Float(2 * radius + 1) }
    let expected = (0..<3).flatMap { channel in
      PlainAugmentation.blur(
        planes[(channel * count)..<((channel + 1) * count)].map(Double.init), edge: edge,
        weights: weights.map(Double.init))
    }
    var scratch = [Float](repeating: .nan, count: edge * (edge + 2) + 2 * radius)
    pixels_blur(&planes, Int32(edge), weights, Int32(radius), &scratch)
    let largest = zip(planes, expected).map { abs(Double($0) - $1) }.max() ?? .infinity
    #expect(largest < 1e-6)
  }

  @Test(arguments: levels)
  func cropsEqualThePlainOnes(_ level: String) {
    guard pixels_choose_kernels(level) != 0 else { return }
    defer { _ = pixels_choose_kernels(nil) }
    let cases: [(Int, Int, Int, Int, Int, Int, Bool)] = [
      (1, 0, 0, 1, 1, 1, false), (5, 1, 2, 3, 1, 4, true), (17, 0, 0, 17, 17, 17, true),
      (64, 3, 9, 40, 37, 64, false), (64, 0, 0, 64, 64, 15, true), (96, 10, 0, 80, 96, 64, false),
      (40, 39, 0, 1, 40, 9, false), (33, 2, 20, 31, 13, 3, true),
    ]
    for (thumbnail, x, y, width, height, edge, flip) in cases {
      let bitmap = Bitmap.noise(width: thumbnail, height: thumbnail)
      let augmentation = ImageAugmentation(.identity, edge: edge, normalization: Self.raw)
      var plan = AugmentationPlan(crop: .init(x: x, y: y, width: width, height: height))
      plan.isFlipped = flip
      var view = [Float](repeating: .nan, count: augmentation.viewCount)
      var output = view.mutableSpan
      augmentation.apply(plan, bitmap.pixels.span, thumbnailEdge: thumbnail, into: &output)
      var largest = 0.0
      for channel in 0..<3 {
        let plane: [[Double]] = (0..<thumbnail).map { row -> [Double] in
          (0..<thumbnail).map { column -> Double in
            Double(bitmap.pixels[(row * thumbnail + column) * 3 + channel]) / 255
          }
        }
        let expected = PlainAugmentation.resample(
          plane, x: x..<(x + width), y: y..<(y + height), edge: edge)
        for row in 0..<edge {
          for column in 0..<edge {
            let shown = flip ? edge - 1 - column : column
            let value = Double(view[(row * edge + column) * 3 + channel])
            largest = max(largest, abs(value - expected[row][shown]))
          }
        }
      }
      #expect(largest < 1e-6, "\(plan) of \(thumbnail) to \(edge)")
    }
  }
}
