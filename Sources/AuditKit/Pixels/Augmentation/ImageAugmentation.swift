import CPixels
import Foundation
import NeuralKit

/// Makes normalised views of thumbnails, random ones for training and the plain one for scoring.
///
/// Works as torchvision does on float tensors: crop, bilinear resize with antialiasing where the crop
/// shrinks (without rounding to 8 bits), mirror, colour jitter with a clamp to 0...1 after each
/// operation, grey, blur, normalise. Safe from several threads.
package struct ImageAugmentation: Sendable {
  package let configuration: ImageAugmentationConfiguration
  package let normalization: PixelNormalization
  /// Edge of a view in pixels.
  package let edge: Int
  private let scale: [Float]
  private let shift: [Float]
  private let scratch = ScratchPool()

  /// Views of `edge` x `edge` pixels.
  package init(
    _ configuration: ImageAugmentationConfiguration, edge: Int,
    normalization: PixelNormalization = .clip
  ) {
    precondition(edge > 0, "views of \(edge) pixels")
    self.configuration = configuration
    self.normalization = normalization
    self.edge = edge
    scale = normalization.scale
    shift = normalization.shift
  }

  /// Floats of a view, `[edge, edge, 3]`.
  package var viewCount: Int { edge * edge * 3 }

  /// Writes a random view of a thumbnail `[thumbnailEdge, thumbnailEdge, 3]`, normalised, into
  /// `[edge, edge, 3]`.
  package func apply(
    _ thumbnail: Span<UInt8>, thumbnailEdge: Int, into output: inout MutableSpan<Float>,
    using generator: inout SeededGenerator
  ) {
    let plan = AugmentationPlan(
      configuration, thumbnailEdge: thumbnailEdge, using: &generator)
    apply(plan, thumbnail, thumbnailEdge: thumbnailEdge, into: &output)
  }

  /// Writes the view that a plan describes.
  package func apply(
    _ plan: AugmentationPlan, _ thumbnail: Span<UInt8>, thumbnailEdge: Int,
    into output: inout MutableSpan<Float>
  ) {
    check(thumbnail, thumbnailEdge, output.count)
    let crop = plan.crop
    precondition(
      crop.x >= 0 && crop.y >= 0 && crop.width > 0 && crop.height > 0
        && crop.x + crop.width <= thumbnailEdge && crop.y + crop.height <= thumbnailEdge,
      "crop \(crop) of a thumbnail of \(thumbnailEdge) pixels")
    let radius = plan.blurSigma == nil ? 0 : blurRadius
    let (width, height) = (Int32(crop.width), Int32(crop.height))
    let work = max(
      pixels_resample_scratch(width, height, Int32(edge)), edge * (edge + 2) + 2 * radius)
    scratch.withFloats(count: viewCount + work) { planes in
      let rest = planes + viewCount
      thumbnail.withUnsafeBufferPointer { source in
        guard let pixels = source.baseAddress else { return }
        pixels_resample_crop(
          pixels, Int32(thumbnailEdge), Int32(crop.x), Int32(crop.y), width, height,
          plan.isFlipped ? 1 : 0, planes, Int32(edge), rest)
      }
      recolour(planes, plan)
      if let sigma = plan.blurSigma, radius > 0 { blur(planes, sigma, radius, rest) }
      if let pattern = plan.pattern { mix(planes, pattern, wholeView) }
      if let patch = plan.patch { mix(planes, patch.pattern, area(of: patch)) }
      output.withUnsafeMutableBufferPointer { target in
        guard let values = target.baseAddress else { return }
        pixels_interleave(planes, edge * edge, scale, shift, values)
      }
    }
  }

  /// Writes the plain view: the whole thumbnail, resampled as the random views are where its edge is
  /// another one, and normalised.
  package func applyPlain(
    _ thumbnail: Span<UInt8>, thumbnailEdge: Int, into output: inout MutableSpan<Float>
  ) {
    guard thumbnailEdge == edge else {
      return apply(
        AugmentationPlan(wholeOf: thumbnailEdge), thumbnail, thumbnailEdge: thumbnailEdge,
        into: &output)
    }
    check(thumbnail, thumbnailEdge, output.count)
    thumbnail.withUnsafeBufferPointer { source in
      output.withUnsafeMutableBufferPointer { target in
        guard let pixels = source.baseAddress, let values = target.baseAddress else { return }
        pixels_normalize(pixels, edge * edge, scale, shift, values)
      }
    }
  }

  /// Writes the plain view with a random pattern in it and a random patch on it, as often as random views have one.
  package func applyPatterned(
    _ thumbnail: Span<UInt8>, thumbnailEdge: Int, into output: inout MutableSpan<Float>,
    using generator: inout SeededGenerator
  ) {
    var plan = AugmentationPlan(wholeOf: thumbnailEdge)
    plan.pattern = AugmentationPlan.Pattern(drawnFor: configuration, using: &generator)
    plan.patch = AugmentationPlan.Patch(drawnFor: configuration, using: &generator)
    guard plan.pattern != nil || plan.patch != nil else {
      return applyPlain(thumbnail, thumbnailEdge: thumbnailEdge, into: &output)
    }
    apply(plan, thumbnail, thumbnailEdge: thumbnailEdge, into: &output)
  }

  private func check(_ thumbnail: Span<UInt8>, _ thumbnailEdge: Int, _ outputCount: Int) {
    precondition(
      thumbnailEdge > 0 && thumbnail.count == thumbnailEdge * thumbnailEdge * 3,
      "\(thumbnail.count) bytes are not a thumbnail of \(thumbnailEdge) pixels")
    precondition(
      outputCount == viewCount, "\(outputCount) floats are not a view of \(edge) pixels")
  }

  // MARK: Steps on planes, [3, edge, edge]

  private func recolour(_ planes: UnsafeMutablePointer<Float>, _ plan: AugmentationPlan) {
    let count = edge * edge
    for change in plan.jitter {
      switch change {
      case .brightness(let factor): pixels_adjust_brightness(planes, count, factor)
      case .contrast(let factor): pixels_adjust_contrast(planes, count, factor)
      case .saturation(let factor): pixels_adjust_saturation(planes, count, factor)
      case .hue(let turn): pixels_adjust_hue(planes, count, turn)
      }
    }
    if plan.isGreyscale { pixels_greyscale(planes, count) }
  }

  private var wholeView: pixels_area {
    pixels_area(x: 0, y: 0, width: Int32(edge), height: Int32(edge))
  }

  /// The pixels of a patch: at least one, and none outside of the view.
  private func area(of patch: AugmentationPlan.Patch) -> pixels_area {
    func pixels(_ start: Float, _ length: Float) -> (start: Int32, count: Int32) {
      let first = min(max(Int((start * Float(edge)).rounded()), 0), edge - 1)
      let count = min(max(Int((length * Float(edge)).rounded()), 1), edge - first)
      return (Int32(first), Int32(count))
    }
    let (across, down) = (pixels(patch.x, patch.width), pixels(patch.y, patch.height))
    return pixels_area(
      x: across.start, y: down.start, width: across.count, height: down.count)
  }

  private func mix(
    _ planes: UnsafeMutablePointer<Float>, _ pattern: AugmentationPlan.Pattern, _ area: pixels_area
  ) {
    pattern.colours.withUnsafeBufferPointer { colours in
      guard let start = colours.baseAddress else { return }
      pixels_mix_pattern(planes, Int32(edge), area, start, Int32(pattern.cells), pattern.opacity)
    }
  }

  /// Half the kernel's width, rounded down: 3 for 64 pixels, 11 for 224, as SimCLR's 23 taps.
  ///
  /// The reflected margin must be smaller than the view.
  package var blurRadius: Int {
    let wanted = Int(configuration.blurKernelFraction * Double(edge) / 2)
    return min(max(wanted, 1), edge - 1)
  }

  private func blur(
    _ planes: UnsafeMutablePointer<Float>, _ sigma: Float, _ radius: Int,
    _ rest: UnsafeMutablePointer<Float>
  ) {
    withUnsafeTemporaryAllocation(of: Float.self, capacity: 2 * radius + 1) { weights in
      var sum: Float = 0
      for index in 0...(2 * radius) {
        let distance = Float(index - radius) / sigma
        weights[index] = exp(-distance * distance / 2)
        sum += weights[index]
      }
      for index in 0...(2 * radius) { weights[index] /= sum }
      guard let start = weights.baseAddress else { return }
      pixels_blur(planes, Int32(edge), start, Int32(radius), rest)
    }
  }
}
