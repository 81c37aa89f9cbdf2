import AuditPixels
import Foundation
import NeuralKit
import Synchronization
import Testing

@Suite struct AugmentationTests {
  private let thumbnail = Bitmap.noise(width: 64, height: 64)

  private func view(
    _ configuration: ImageAugmentationConfiguration, edge: Int = 64, seed: UInt64
  ) -> [Float] {
    let augmentation = ImageAugmentation(configuration, edge: edge)
    var generator = SeededGenerator(seed: seed)
    return rendered(augmentation) { output in
      augmentation.apply(
        thumbnail.pixels.span, thumbnailEdge: 64, into: &output, using: &generator)
    }
  }

  private func rendered(
    _ augmentation: ImageAugmentation, _ body: (inout MutableSpan<Float>) -> Void
  ) -> [Float] {
    var view = [Float](repeating: .nan, count: augmentation.viewCount)
    var output = view.mutableSpan
    body(&output)
    return view
  }

  private func plain(edge: Int) -> [Float] {
    let augmentation = ImageAugmentation(.init(), edge: edge)
    return rendered(augmentation) {
      augmentation.applyPlain(thumbnail.pixels.span, thumbnailEdge: 64, into: &$0)
    }
  }

  private func largestDifference(_ first: [Float], _ second: [Float]) -> Float {
    first.count == second.count ? zip(first, second).map { abs($0 - $1) }.max() ?? 0 : .infinity
  }

  @Test(arguments: [64, 48, 17])
  func identitySettingsGiveThePlainView(_ edge: Int) {
    #expect(largestDifference(view(.identity, edge: edge, seed: 1), plain(edge: edge)) < 1e-6)
  }

  @Test func plainViewIsTheNormalisedThumbnail() {
    let normalization = PixelNormalization.clip
    for (index, value) in plain(edge: 64).enumerated() {
      let channel = index % 3
      let expected =
        (Float(thumbnail.pixels[index]) / 255 - normalization.mean[channel])
        / normalization.standardDeviation[channel]
      #expect(abs(value - expected) < 1e-6)
    }
  }

  @Test func flippedViewIsTheExactMirror() {
    let augmentation = ImageAugmentation(.init(), edge: 48)
    for seed in 0..<20 as Range<UInt64> {
      var generator = SeededGenerator(seed: seed)
      var plan = AugmentationPlan(augmentation.configuration, thumbnailEdge: 64, using: &generator)
      // A blur sums in the other direction, and patterns and patches are not mirrored.
      plan.blurSigma = nil
      plan.pattern = nil
      plan.patch = nil
      let views = [false, true].map { isFlipped in
        plan.isFlipped = isFlipped
        return rendered(augmentation) {
          augmentation.apply(plan, thumbnail.pixels.span, thumbnailEdge: 64, into: &$0)
        }
      }
      let usesMean = plan.jitter.contains { if case .contrast = $0 { true } else { false } }
      var largest: Float = 0
      for y in 0..<48 {
        for x in 0..<48 {
          for c in 0..<3 {
            let difference = views[0][(y * 48 + x) * 3 + c] - views[1][(y * 48 + 47 - x) * 3 + c]
            largest = max(largest, abs(difference))
          }
        }
      }
      // The mean grey is summed in another order.
      #expect(largest <= (usesMean ? 1e-5 : 0), "seed \(seed)")
    }
  }

  @Test func sameGeneratorGivesTheSameViewAndAnotherOneAnother() {
    let first = view(.init(), seed: 3)
    #expect(first == view(.init(), seed: 3))
    #expect(first != view(.init(), seed: 4))
  }

  @Test func everyValueIsWrittenAndLiesInTheNormalisedRange() {
    let normalization = PixelNormalization.clip
    let bounds = (0..<3).map { channel in
      let shift = normalization.mean[channel]
      let scale = normalization.standardDeviation[channel]
      return ((0 - shift) / scale - 1e-5)...((1 - shift) / scale + 1e-5)
    }
    for seed in 0..<200 as Range<UInt64> {
      let values = view(.init(), edge: [64, 33, 80][Int(seed % 3)], seed: seed)
      let isInRange = values.enumerated().allSatisfy { bounds[$0.offset % 3].contains($0.element) }
      #expect(isInRange, "seed \(seed)")
    }
  }

  @Test func threadsDoNotDisturbEachOther() {
    let augmentation = ImageAugmentation(.init(), edge: 64)
    let expected = (0..<64 as Range<UInt64>).map { view(.init(), seed: $0) }
    let wrong = Mutex(0)
    DispatchQueue.concurrentPerform(iterations: 64) { index in
      var generator = SeededGenerator(seed: UInt64(index))
      let view = rendered(augmentation) { output in
        augmentation.apply(
          thumbnail.pixels.span, thumbnailEdge: 64, into: &output, using: &generator)
      }
      if view != expected[index] { wrong.withLock { $0 += 1 } }
    }
    #expect(wrong.withLock { $0 } == 0)
  }

  @Test func cropsHaveTheRightAreasRatiosAndPlaces() {
    let configuration = ImageAugmentationConfiguration()
    var generator = SeededGenerator(seed: 9)
    let edge = 224
    let crops = (0..<4000).map { _ in
      AugmentationPlan(configuration, thumbnailEdge: edge, using: &generator).crop
    }
    #expect(crops.allSatisfy { $0.x >= 0 && $0.x + $0.width <= edge })
    #expect(crops.allSatisfy { $0.y >= 0 && $0.y + $0.height <= edge })
    let areas = crops.map { Double($0.width * $0.height) / Double(edge * edge) }
    #expect(areas.allSatisfy { $0 > 0.075 && $0 <= 1 })
    // Uniform in 0.08...1, less the large oblong ones that do not fit: torchvision 0.29 gives
    // 0.4794 (100 000 draws); the standard error here is 0.0037.
    let meanArea = mean(areas)
    #expect(abs(meanArea - 0.4794) < 0.015, "mean area \(meanArea)")
    let ratios = crops.map { Double($0.width) / Double($0.height) }
    #expect(ratios.allSatisfy { $0 > 0.72 && $0 < 1.39 })
    let meanLog = mean(ratios.map { log($0) })
    #expect(abs(meanLog) < 0.01, "mean logarithm of the ratio \(meanLog)")
    let places = crops.filter { $0.width < edge }.map { Double($0.x) / Double(edge - $0.width) }
    let meanPlace = mean(places)
    #expect(abs(meanPlace - 0.5) < 0.03, "mean place \(meanPlace)")
    #expect(places.contains(0) && places.contains(1))
  }

  @Test func probabilitiesAndRangesAreKept() {
    let configuration = ImageAugmentationConfiguration()
    var generator = SeededGenerator(seed: 10)
    let plans = (0..<4000).map { _ in
      AugmentationPlan(configuration, thumbnailEdge: 64, using: &generator)
    }
    func share(_ accept: (AugmentationPlan) -> Bool) -> Double {
      Double(plans.count(where: accept)) / Double(plans.count)
    }
    // Four standard errors are at most 0.032.
    #expect(abs(share(\.isFlipped) - 0.5) < 0.032)
    #expect(abs(share { !$0.jitter.isEmpty } - 0.8) < 0.032)
    #expect(abs(share(\.isGreyscale) - 0.2) < 0.032)
    #expect(abs(share { $0.blurSigma != nil } - 0.5) < 0.032)
    let jitters = plans.map(\.jitter).filter { !$0.isEmpty }
    #expect(jitters.allSatisfy { $0.count == 4 })
    #expect(jitters.joined().allSatisfy(isInRange))
    // All 24 orders come up.
    #expect(Set(jitters.map { $0.map(name).joined() }).count == 24)
    let sigmas = plans.compactMap(\.blurSigma)
    #expect(sigmas.allSatisfy { $0 >= 0.1 && $0 <= 2 })
    let meanSigma = mean(sigmas.map(Double.init))
    #expect(abs(meanSigma - 1.05) < 0.06, "mean sigma \(meanSigma)")
    #expect(abs(share { $0.pattern != nil } - 0.5) < 0.032)
    let patterns = plans.compactMap(\.pattern)
    #expect(patterns.allSatisfy { (0...0.3).contains($0.opacity) && (4...32).contains($0.cells) })
    let meanOpacity = mean(patterns.map { Double($0.opacity) })
    #expect(abs(meanOpacity - 0.15) < 0.01, "mean opacity \(meanOpacity)")
    // Half of the patterns have fewer cells than the geometric mean of 4 and 33.
    let coarse = Double(patterns.count { $0.cells <= 11 }) / Double(patterns.count)
    #expect(abs(coarse - log(12.0 / 4) / log(33.0 / 4)) < 0.045, "coarse \(coarse)")
    #expect(Set(patterns.map(\.seed)).count == patterns.count)
    #expect(abs(share { $0.patch != nil } - 0.5) < 0.032)
    let patches = plans.compactMap(\.patch)
    #expect(
      patches.allSatisfy { patch in
        (0.1...0.4).contains(patch.width) && (0.1...0.4).contains(patch.height)
          && patch.x >= 0 && patch.y >= 0 && patch.x + patch.width <= 1.000001
          && patch.y + patch.height <= 1.000001
          && (1...8).contains(patch.pattern.cells) && patch.pattern.opacity == 1
      })
    let meanWidth = mean(patches.map { Double($0.width) })
    #expect(abs(meanWidth - 0.25) < 0.01, "mean width \(meanWidth)")
    let plainColours = Double(patches.count { $0.pattern.cells == 1 }) / Double(patches.count)
    #expect(abs(plainColours - log(2) / log(9)) < 0.045, "plain colours \(plainColours)")
  }

  @Test func patternedViewIsThePlainOneWithCellsOfColourInIt() throws {
    var configuration = ImageAugmentationConfiguration()
    configuration.patternProbability = 1
    configuration.patchProbability = 0
    configuration.patternCellsMinimum = 4
    configuration.patternCellsMaximum = 4
    let augmentation = ImageAugmentation(configuration, edge: 64)
    func patterned(_ augmentation: ImageAugmentation, seed: UInt64) -> [Float] {
      var generator = SeededGenerator(seed: seed)
      return rendered(augmentation) { output in
        augmentation.applyPatterned(
          thumbnail.pixels.span, thumbnailEdge: 64, into: &output, using: &generator)
      }
    }
    let (plain, view) = (plain(edge: 64), patterned(augmentation, seed: 3))
    var generator = SeededGenerator(seed: 3)
    let pattern = try #require(
      AugmentationPlan.Pattern(drawnFor: configuration, using: &generator))
    let normalization = PixelNormalization.clip
    for (index, value) in view.enumerated() {
      let (channel, x, y) = (index % 3, index / 3 % 64, index / 3 / 64)
      let colour = pattern.colours[(channel * 4 + y / 16) * 4 + x / 16]
      let shown =
        (colour - normalization.mean[channel]) / normalization.standardDeviation[channel]
      let expected = plain[index] + pattern.opacity * (shown - plain[index])
      #expect(abs(value - expected) < 1e-5)
    }
    #expect(view == patterned(augmentation, seed: 3))
    #expect(view != patterned(augmentation, seed: 4))
    // Without patterns it is the plain view to the bit.
    #expect(patterned(ImageAugmentation(.identity, edge: 64), seed: 3) == plain)
  }

  @Test func patchCoversItsRectangleAndNothingElse() {
    let edge = 40
    let augmentation = ImageAugmentation(.identity, edge: edge)
    let normalization = PixelNormalization.clip
    let pattern = AugmentationPlan.Pattern(cells: 2, opacity: 1, seed: 9)
    for (x, y) in [(0, 0), (12, 5), (30, 28)] {
      var plan = AugmentationPlan(wholeOf: 64)
      let plain = rendered(augmentation) { output in
        augmentation.apply(plan, thumbnail.pixels.span, thumbnailEdge: 64, into: &output)
      }
      plan.patch = AugmentationPlan.Patch(
        width: 10 / 40, height: 12 / 40, x: Float(x) / 40, y: Float(y) / 40, pattern: pattern)
      let view = rendered(augmentation) { output in
        augmentation.apply(plan, thumbnail.pixels.span, thumbnailEdge: 64, into: &output)
      }
      for (index, value) in view.enumerated() {
        let (channel, column, row) = (index % 3, index / 3 % edge, index / 3 / edge)
        guard (x..<x + 10).contains(column), (y..<y + 12).contains(row) else {
          #expect(value == plain[index])
          continue
        }
        let cell = (row - y) / 6 * 2 + (column - x) / 5
        let colour = pattern.colours[channel * 4 + cell]
        let shown =
          (colour - normalization.mean[channel]) / normalization.standardDeviation[channel]
        #expect(abs(value - shown) < 1e-5)
      }
    }
  }

  private func mean(_ values: [Double]) -> Double {
    values.reduce(0, +) / Double(values.count)
  }

  private func isInRange(_ change: AugmentationPlan.Jitter) -> Bool {
    switch change {
    case .brightness(let factor), .contrast(let factor), .saturation(let factor):
      (0.5...1.5).contains(factor)
    case .hue(let turn): (-0.1...0.1).contains(turn)
    }
  }

  private func name(_ change: AugmentationPlan.Jitter) -> String {
    switch change {
    case .brightness: "b"
    case .contrast: "c"
    case .saturation: "s"
    case .hue: "h"
    }
  }

  @Test func narrowestRatiosFallBackToTheMiddle() {
    var configuration = ImageAugmentationConfiguration()
    configuration.cropScaleMinimum = 1
    configuration.cropRatioMinimum = 2
    configuration.cropRatioMaximum = 3
    var generator = SeededGenerator(seed: 11)
    let plan = AugmentationPlan(configuration, thumbnailEdge: 64, using: &generator)
    #expect(plan.crop == .init(x: 0, y: 16, width: 64, height: 32))
  }

  @Test func blurIsAsWideAsSimCLRs() {
    #expect(ImageAugmentation(.init(), edge: 224).blurRadius == 11)
    #expect(ImageAugmentation(.init(), edge: 64).blurRadius == 3)
    #expect(ImageAugmentation(.init(), edge: 8).blurRadius == 1)
    #expect(ImageAugmentation(.init(), edge: 1).blurRadius == 0)
  }
}
