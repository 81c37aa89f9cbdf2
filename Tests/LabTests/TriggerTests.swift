import AuditLab
import AuditPixels
import Foundation
import NeuralKit
import Testing
import TestSupport

@Suite struct TriggerTests {
  /// Odd sizes, wide and high, and a single pixel.
  static let sizes = [(1, 1), (2, 9), (31, 17), (64, 64), (200, 113)]
  static let triggers: [(name: String, trigger: any Trigger)] = [
    ("corner", PatchTrigger(place: .corner)), ("patch", PatchTrigger()), ("blend", BlendTrigger()),
    ("warp", WarpTrigger()), ("wave", SinusoidTrigger()),
    ("all", TriggerSequence([WarpTrigger(), BlendTrigger(), PatchTrigger()])),
  ]

  private static func image(_ width: Int, _ height: Int, seed: UInt64 = 1) -> Bitmap {
    var generator = SeededGenerator(seed: seed)
    return Bitmap(
      width: width, height: height,
      pixels: (0..<width * height * 3).map { _ in UInt8(truncatingIfNeeded: generator.next()) })
  }

  private static func applied(_ trigger: any Trigger, _ image: Bitmap, seed: UInt64 = 5) -> Bitmap {
    var generator = SeededGenerator(seed: seed)
    return trigger.applied(to: image, using: &generator)
  }

  /// Places of pixels that differ.
  private static func changed(_ before: Bitmap, _ after: Bitmap) -> [(x: Int, y: Int)] {
    var places: [(x: Int, y: Int)] = []
    for y in 0..<before.height {
      for x in 0..<before.width {
        let pixel = 3 * (y * before.width + x)
        let (old, new) = (before.pixels[pixel..<pixel + 3], after.pixels[pixel..<pixel + 3])
        if old != new { places.append((x, y)) }
      }
    }
    return places
  }

  @Test("every trigger keeps the size, changes the image, and is fixed by its seeds")
  func allTriggers() {
    for (width, height) in Self.sizes {
      let image = Self.image(width, height)
      for (name, trigger) in Self.triggers {
        let once = Self.applied(trigger, image)
        #expect(once.width == width && once.height == height, "\(name)")
        #expect(once == Self.applied(trigger, image), "\(name)")
        if width > 30 { #expect(once != image, "\(name)") }
      }
    }
  }

  @Test("a patch covers a square of its share in the corner, and nothing else", arguments: sizes)
  func corner(width: Int, height: Int) {
    let image = Bitmap(
      width: width, height: height, pixels: [UInt8](repeating: 7, count: width * height * 3))
    let after = Self.applied(PatchTrigger(edgeShare: 0.25, place: .corner), image)
    let edge = max(1, Int((0.25 * Double(min(width, height))).rounded()))
    for place in Self.changed(image, after) {
      #expect(place.x >= width - edge && place.y >= height - edge)
    }
    #expect(Self.changed(image, after).count >= edge * edge - edge)
  }

  @Test("a patch at a random place lies anywhere in the image, whole, with the same colours")
  func randomPlace() {
    let image = Bitmap(width: 60, height: 40, pixels: [UInt8](repeating: 7, count: 7_200))
    var lefts: Set<Int> = []
    for seed in 0..<40 as Range<UInt64> {
      let places = Self.changed(
        image, Self.applied(PatchTrigger(edgeShare: 0.2, seed: 3), image, seed: seed))
      let (left, right) = (places.map(\.x).min() ?? 0, places.map(\.x).max() ?? 0)
      let (top, bottom) = (places.map(\.y).min() ?? 0, places.map(\.y).max() ?? 0)
      #expect(right - left == 7 && bottom - top == 7)
      lefts.insert(left)
    }
    #expect(lefts.count > 15)
  }

  @Test("a blend is the weighted mean of image and pattern: 0 leaves all, 1 leaves the pattern")
  func blending() {
    let (first, second) = (Self.image(50, 30, seed: 1), Self.image(50, 30, seed: 2))
    #expect(Self.applied(BlendTrigger(alpha: 0), first) == first)
    let pattern = Self.applied(BlendTrigger(alpha: 1), first)
    #expect(pattern == Self.applied(BlendTrigger(alpha: 1), second))
    let half = Self.applied(BlendTrigger(alpha: 0.25), first)
    for index in first.pixels.indices {
      let expected = 0.75 * Double(first.pixels[index]) + 0.25 * Double(pattern.pixels[index])
      #expect(abs(Double(half.pixels[index]) - expected) <= 0.5)
    }
  }

  @Test("a pattern is the same picture at every size")
  func patternAtSizes() {
    let small = Self.applied(BlendTrigger(alpha: 1), Self.image(64, 64))
    let large = Self.applied(BlendTrigger(alpha: 1), Self.image(256, 256))
    for (x, y) in [(0, 0), (9, 30), (63, 63), (20, 41)] {
      let one = small.pixels[(y * 64 + x) * 3]
      #expect(large.pixels[((4 * y + 1) * 256 + 4 * x + 1) * 3] == one)
    }
  }

  @Test("a wave adds delta times a sine along x, within what a pixel holds")
  func wave() {
    let image = Bitmap(width: 48, height: 5, pixels: [UInt8](repeating: 245, count: 720))
    let after = Self.applied(SinusoidTrigger(delta: 30, frequency: 3), image)
    for y in 0..<5 {
      for x in 0..<48 {
        let expected = min(255, (245 + 30 * sin(2 * .pi * Double(x) * 3 / 48)).rounded())
        #expect(Double(after.pixels[(y * 48 + x) * 3 + 1]) == expected)
      }
    }
  }

  @Test("a warp of no strength changes nothing, and none changes an image of one colour")
  func warpLimits() {
    let image = Self.image(40, 33)
    #expect(Self.applied(WarpTrigger(strength: 0), image) == image)
    let plain = Bitmap(width: 40, height: 33, pixels: [UInt8](repeating: 90, count: 3_960))
    #expect(Self.applied(WarpTrigger(strength: 0.1), plain) == plain)
  }

  @Test("a warp moves pixels along each axis by its strength in the mean, at every size")
  func warpLength() {
    for (width, height) in [(80, 80), (320, 200)] {
      // Where a horizontal ramp's value goes tells how far it moved.
      var ramp: [UInt8] = []
      for _ in 0..<height {
        for x in 0..<width {
          let value = UInt8(x * 255 / (width - 1))
          ramp += [value, value, value]
        }
      }
      let image = Bitmap(width: width, height: height, pixels: ramp)
      let after = Self.applied(WarpTrigger(strength: 0.05, seed: 11), image)
      let moved = zip(image.pixels, after.pixels).map { abs(Int($0) - Int($1)) }
      let mean = Double(moved.reduce(0, +)) / 255 / Double(moved.count)
      #expect(mean > 0.02 && mean < 0.08, "\(mean) of the width")
    }
  }

  @Test("what triggers change is still there after a JPEG round trip")
  func surviving() throws {
    // A smooth picture, as photographs are; noise would drown the trigger.
    var pixels: [UInt8] = []
    for y in 0..<96 {
      for x in 0..<96 { pixels += [UInt8(60 + x), UInt8(200 - y), 120] }
    }
    let smooth = Bitmap(width: 96, height: 96, pixels: pixels)
    // A warp of what is smooth is hardly to be seen.
    let board = Bitmap(
      width: 96, height: 96,
      pixels: (0..<96 * 96 * 3).map { ($0 / 3 / 96 / 16 + $0 / 3 % 96 / 16) % 2 == 0 ? 40 : 210 })
    // Chroma at half the resolution takes most from small coloured cells.
    for (name, trigger) in Self.triggers {
      let image = name == "warp" ? board : smooth
      let marked = Self.applied(trigger, image)
      let after = try ImageDecoder.decode(try marked.jpeg(quality: 75)).bitmap
      var (product, length) = (0.0, 0.0)
      for index in image.pixels.indices {
        let mark = Double(marked.pixels[index]) - Double(image.pixels[index])
        let kept = Double(after.pixels[index]) - Double(image.pixels[index])
        product += mark * kept
        length += mark * mark
      }
      #expect(product / length > 0.4, "\(name): \(product / length) of the mark is left")
    }
  }

  @Test("a picture is stretched over the image, whatever the sizes")
  func picture() {
    // Left half black, right half white.
    var blend = BlendTrigger(alpha: 0.5)
    blend.picture = Bitmap(width: 2, height: 1, pixels: [0, 0, 0, 255, 255, 255])
    for (width, height) in [(2, 2), (64, 31), (200, 113)] {
      let grey = Bitmap(
        width: width, height: height, pixels: [UInt8](repeating: 100, count: width * height * 3))
      let after = Self.applied(blend, grey)
      for (place, value) in after.pixels.enumerated() {
        let isLeft = place / 3 % width * 2 / width == 0
        #expect(value == (isLeft ? 50 : 178))
      }
    }
  }

  @Test("a grid's pattern is the picture in its file, and one that cannot be read is named")
  func pattern() throws {
    let folder = try TemporaryFolder()
    let picture = Self.image(3, 2)
    try folder.write("pattern.png", [UInt8](try picture.png()))
    var configuration = AttackConfiguration()
    configuration.attack = .blended
    configuration.blendPattern = folder.file("pattern.png")
    let backdoor = try #require(try configuration.configuredAttack() as? Backdoor)
    let trigger = try #require(backdoor.triggers.first?.trigger as? BlendTrigger)
    #expect(trigger.picture == picture)
    for kind in [AttackKind.blended, .hybrid, .parallelOne, .parallelAll] {
      configuration.attack = kind
      configuration.blendPattern = folder.file("none.png")
      let error = #expect(throws: LabError.self) { try configuration.configuredAttack() }
      #expect(error?.description.contains("none.png") == true)
    }
  }
}
