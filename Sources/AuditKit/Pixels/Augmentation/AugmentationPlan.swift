import Foundation
import NeuralKit

/// What one view of a thumbnail will be: everything random about it, drawn.
package struct AugmentationPlan: Sendable, Equatable {
  /// A rectangle in pixels of the thumbnail.
  package struct Crop: Sendable, Equatable {
    package var x: Int
    package var y: Int
    package var width: Int
    package var height: Int

    package init(x: Int, y: Int, width: Int, height: Int) {
      self.x = x
      self.y = y
      self.width = width
      self.height = height
    }
  }

  /// A change of colour, as in torchvision's `ColorJitter`; each ends by clamping to 0...1.
  package enum Jitter: Sendable, Equatable {
    /// Multiplies by a factor.
    case brightness(Float)
    /// Moves away from the view's mean grey by a factor.
    case contrast(Float)
    /// Moves away from the pixel's grey by a factor.
    case saturation(Float)
    /// Turns the hue by a part of a full circle.
    case hue(Float)
  }

  /// Cells of random colours that are mixed into a view.
  package struct Pattern: Sendable, Equatable {
    /// Along each edge.
    package var cells: Int
    /// The colours' part of a pixel; the rest is the view's.
    package var opacity: Float
    /// What the colours are drawn from.
    package var seed: UInt64

    package init(cells: Int, opacity: Float, seed: UInt64) {
      self.cells = cells
      self.opacity = opacity
      self.seed = seed
    }

    /// The colours, `[3, cells, cells]`, uniform in 0..<1.
    package var colours: [Float] {
      var generator = SeededGenerator(seed: seed)
      return (0..<3 * cells * cells).map { _ in generator.uniform() }
    }
  }

  /// A rectangle of cells of random colours that covers a part of a view.
  package struct Patch: Sendable, Equatable {
    /// Edges and place as shares of the view's edge; the place is that of the upper left corner.
    package var width: Float
    package var height: Float
    package var x: Float
    package var y: Float
    /// What is in it.
    package var pattern: Pattern

    package init(width: Float, height: Float, x: Float, y: Float, pattern: Pattern) {
      self.width = width
      self.height = height
      self.x = x
      self.y = y
      self.pattern = pattern
    }
  }

  package var crop: Crop
  package var isFlipped = false
  /// In the order of application.
  package var jitter: [Jitter] = []
  package var isGreyscale = false
  /// The standard deviation of the blur in pixels; nil for none.
  package var blurSigma: Float?
  /// Mixed in after everything else; nil for none.
  package var pattern: Pattern?
  /// Over everything else; nil for none.
  package var patch: Patch?

  package init(crop: Crop) { self.crop = crop }

  /// The whole of a square thumbnail, unchanged.
  package init(wholeOf thumbnailEdge: Int) {
    crop = Crop(x: 0, y: 0, width: thumbnailEdge, height: thumbnailEdge)
  }

  /// Draws a plan for a square thumbnail.
  package init(
    _ configuration: ImageAugmentationConfiguration, thumbnailEdge: Int,
    using generator: inout SeededGenerator
  ) {
    crop = .random(configuration, edge: thumbnailEdge, using: &generator)
    isFlipped = generator.flip(Float(configuration.flipProbability))
    if generator.flip(Float(configuration.jitterProbability)) {
      jitter = Jitter.random(configuration, using: &generator)
    }
    isGreyscale = generator.flip(Float(configuration.greyscaleProbability))
    if generator.flip(Float(configuration.blurProbability)) {
      blurSigma = Float(
        generator.uniform(configuration.blurSigmaMinimum, configuration.blurSigmaMaximum))
    }
    pattern = Pattern(drawnFor: configuration, using: &generator)
    patch = Patch(drawnFor: configuration, using: &generator)
  }
}

extension AugmentationPlan.Crop {
  /// torchvision's `RandomResizedCrop.get_params`: area uniform, ratio log-uniform, ten attempts to
  /// lie inside, then the largest crop in the middle that has an allowed ratio.
  fileprivate static func random(
    _ configuration: ImageAugmentationConfiguration, edge: Int,
    using generator: inout SeededGenerator
  ) -> Self {
    let area = Double(edge * edge)
    let logRatios = (log(configuration.cropRatioMinimum), log(configuration.cropRatioMaximum))
    for _ in 0..<10 {
      let target =
        area * generator.uniform(configuration.cropScaleMinimum, configuration.cropScaleMaximum)
      let ratio = exp(generator.uniform(logRatios.0, logRatios.1))
      let width = Int((target * ratio).squareRoot().rounded(.toNearestOrEven))
      let height = Int((target / ratio).squareRoot().rounded(.toNearestOrEven))
      guard width > 0, height > 0, width <= edge, height <= edge else { continue }
      let y = generator.index(below: edge - height + 1)
      let x = generator.index(below: edge - width + 1)
      return Self(x: x, y: y, width: width, height: height)
    }
    // The thumbnail is square: its ratio is 1.
    let width =
      configuration.cropRatioMaximum < 1
      ? Int((Double(edge) * configuration.cropRatioMaximum).rounded(.toNearestOrEven)) : edge
    let height =
      configuration.cropRatioMinimum > 1
      ? Int((Double(edge) / configuration.cropRatioMinimum).rounded(.toNearestOrEven)) : edge
    return Self(
      x: (edge - width) / 2, y: (edge - height) / 2, width: max(width, 1), height: max(height, 1))
  }
}

extension AugmentationPlan.Jitter {
  /// torchvision's `ColorJitter.get_params`: factors uniform, order uniform.
  fileprivate static func random(
    _ configuration: ImageAugmentationConfiguration, using generator: inout SeededGenerator
  ) -> [Self] {
    func factor(_ width: Double) -> Float {
      Float(generator.uniform(max(1 - width, 0), 1 + width))
    }
    var changes: [Self] = []
    if configuration.brightness > 0 {
      changes.append(.brightness(factor(configuration.brightness)))
    }
    if configuration.contrast > 0 { changes.append(.contrast(factor(configuration.contrast))) }
    if configuration.saturation > 0 {
      changes.append(.saturation(factor(configuration.saturation)))
    }
    if configuration.hue > 0 {
      changes.append(.hue(Float(generator.uniform(-configuration.hue, configuration.hue))))
    }
    changes.shuffle(using: &generator)
    return changes
  }
}

extension AugmentationPlan.Pattern {
  /// The pattern of a view, nil where it has none: opacity uniform, number of cells log-uniform, so that coarse
  /// patterns are as frequent as fine ones.
  package init?(
    drawnFor configuration: ImageAugmentationConfiguration,
    using generator: inout SeededGenerator
  ) {
    guard generator.flip(Float(configuration.patternProbability)) else { return nil }
    opacity = Float(generator.uniform(0, configuration.patternOpacityMaximum))
    cells = generator.logUniform(
      configuration.patternCellsMinimum, configuration.patternCellsMaximum)
    seed = generator.next()
  }
}

extension AugmentationPlan.Patch {
  /// The patch of a view, nil where it has none: both edges uniform, all of it inside, number of cells log-uniform.
  package init?(
    drawnFor configuration: ImageAugmentationConfiguration,
    using generator: inout SeededGenerator
  ) {
    // Without patches nothing is drawn: methods that have none see the views that they had before there were any.
    guard configuration.patchProbability > 0,
      generator.flip(Float(configuration.patchProbability))
    else { return nil }
    func edge() -> Float {
      Float(generator.uniform(configuration.patchEdgeMinimum, configuration.patchEdgeMaximum))
    }
    (width, height) = (edge(), edge())
    x = generator.uniform() * (1 - width)
    y = generator.uniform() * (1 - height)
    pattern = AugmentationPlan.Pattern(
      cells: generator.logUniform(1, configuration.patchCellsMaximum), opacity: 1,
      seed: generator.next())
  }
}

extension SeededGenerator {
  /// Uniform between two numbers, with 53 random bits.
  fileprivate mutating func uniform(_ lower: Double, _ upper: Double) -> Double {
    lower + Double(next() >> 11) * 0x1p-53 * (upper - lower)
  }

  /// A whole number whose logarithm is uniform, so that small ones are as frequent as large ones.
  fileprivate mutating func logUniform(_ least: Int, _ most: Int) -> Int {
    min(Int(exp(uniform(log(Double(least)), log(Double(most) + 1)))), most)
  }
}
