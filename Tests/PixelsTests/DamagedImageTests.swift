import AuditPixels
import Foundation
import NeuralKit
import Testing

@Suite struct DamagedImageTests {
  @Test(arguments: [
    "baseline.jpg", "progressive.jpg", "restarts.jpg", "cmyk.jpg", "orientation-6.jpg",
    "png-2-8.png", "png-6-16-interlaced.png", "png-3-4-alpha.png", "animated.png",
    "webp-lossy.webp", "webp-lossless.webp", "webp-lossy-alpha.webp", "webp-lossless-palette.webp",
    "webp-animated.webp", "webp-animated-alpha.webp", "webp-orientation-prefixed.webp",
    "gif-87a.gif", "gif-89a.gif", "gif-interlaced.gif", "gif-local-table.gif", "gif-animated.gif",
  ])
  func imageCutAtAnyByteIsRejected(_ name: String) throws {
    let bytes = try Fixture.image(name)
    let signatureLength = name.hasSuffix(".webp") ? 12 : 8
    for edge in [nil, 4] as [Int?] {
      for count in 1..<bytes.count {
        let error = #expect(throws: PixelError.self, "cut at \(count) of \(bytes.count)") {
          try ImageDecoder.decode(Array(bytes.prefix(count)), minimumShorterEdge: edge)
        }
        let isRecognisable = count >= signatureLength
        #expect(
          error?.reason == .truncatedImage || (!isRecognisable && error?.reason == .notAnImage),
          "cut at \(count) of \(bytes.count): \(String(describing: error))")
      }
    }
  }

  @Test func jpegWithAMissingMiddleIsCorrupt() throws {
    for name in ["baseline.jpg", "progressive.jpg"] {
      let bytes = try Fixture.image(name)
      let cut = Array(bytes.prefix(bytes.count * 3 / 4)) + [0xFF, 0xD9]
      let error = #expect(throws: PixelError.self) { try ImageDecoder.decode(cut) }
      #expect(error?.reason == .corruptImage, "\(name): \(String(describing: error))")
    }
  }

  @Test func jpegOfTwelveBitsIsUnsupported() throws {
    var bytes = try Fixture.image("baseline.jpg")
    let frame = try #require(
      bytes.indices.dropLast().first { bytes[$0..<($0 + 2)] == [0xFF, 0xC0] })
    bytes[frame + 4] = 12
    let error = #expect(throws: PixelError.self) { try ImageDecoder.decode(bytes) }
    #expect(error?.reason == .unsupportedImage, "\(String(describing: error))")
  }

  @Test func everyFlippedByteOfPNGDataIsNoticed() throws {
    let bytes = try Fixture.image("png-6-8.png")
    // Signature, header and image data; each chunk has a checksum.
    for position in 8..<(bytes.count - 12) {
      var damaged = bytes
      damaged[position] ^= 0x10
      #expect(throws: PixelError.self, "byte \(position)") { try ImageDecoder.decode(damaged) }
    }
  }

  @Test func limitsAreKept() throws {
    let bytes = try Fixture.image("large-progressive.jpg")
    let (width, height) = (416, 312)
    func reason(_ change: (inout ImageLimits) -> Void) -> PixelError.Reason? {
      var limits = ImageLimits()
      change(&limits)
      let error = #expect(throws: PixelError.self) {
        try ImageDecoder.decode(bytes, limits: limits)
      }
      return error?.reason
    }
    #expect(reason { $0.maximumFileBytes = bytes.count - 1 } == .imageTooLarge)
    #expect(reason { $0.maximumPixels = width * height - 1 } == .imageTooLarge)
    // Room for the pixels, but not for the coefficients of a progressive image.
    #expect(reason { $0.maximumMemoryBytes = width * height * 4 } == .imageTooLarge)
    #expect(reason { $0.maximumMemoryBytes = width * height * 3 } == .imageTooLarge)
    var enough = ImageLimits()
    enough.maximumFileBytes = bytes.count
    enough.maximumPixels = width * height
    enough.maximumMemoryBytes = width * height * 8
    #expect(throws: Never.self) { try ImageDecoder.decode(bytes, limits: enough) }
  }

  @Test func smallFileThatClaimsToBeHugeCostsNothing() throws {
    for (name, size) in [("png-6-8-interlaced.png", 50_000), ("png-0-1.png", 2_000_000_000)] {
      var bytes = try Fixture.image(name)
      let dimension = ImageMutation.bigEndian(UInt32(size))
      bytes.replaceSubrange(16..<20, with: dimension)
      bytes.replaceSubrange(20..<24, with: dimension)
      bytes.replaceSubrange(
        29..<33, with: ImageMutation.bigEndian(ImageMutation.crc32(bytes[12..<29])))
      let error = #expect(throws: PixelError.self) { try ImageDecoder.decode(bytes) }
      #expect(error?.reason == .imageTooLarge, "\(name): \(String(describing: error))")
    }
  }

  @Test func progressiveImageOfHundredsOfScansIsRefused() throws {
    let bytes = try Fixture.image("progressive.jpg")
    let scan = try #require(firstScan(of: bytes))
    var hostile = Array(bytes[..<scan.lowerBound])
    for _ in 0..<300 { hostile += bytes[scan] }
    hostile += [0xFF, 0xD9]
    let error = #expect(throws: PixelError.self) { try ImageDecoder.decode(hostile) }
    #expect(error?.reason == .imageTooLarge)
    #expect(error?.description.contains("scans") == true)
  }

  @Test(arguments: [[".jpg", ".png"], [".webp", ".gif"]], [UInt64(1), 2, 3])
  func mutatedImagesNeverCrash(_ kinds: [String], _ seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let names = try kinds.flatMap(Fixture.imageNames)
    let images = try names.filter { !$0.hasPrefix("large") }.map(Fixture.image)
    var limits = ImageLimits()
    limits.maximumPixels = 1 << 20
    limits.maximumMemoryBytes = 1 << 25
    var decoded = 0
    for _ in 0..<3000 {
      let bytes = ImageMutation.mutated(images[generator.index(below: images.count)], &generator)
      let edge = [nil, 1, 4][generator.index(below: 3)]
      do throws(PixelError) {
        let image = try ImageDecoder.decode(bytes, minimumShorterEdge: edge, limits: limits)
        decoded += 1
        #expect(image.thumbnail(edge: 5, fit: .crop).pixels.count == 75)
        #expect(image.thumbnail(edge: 5, fit: .squash).pixels.count == 75)
      } catch {
        #expect(!error.description.isEmpty)
      }
    }
    // Only PNG has checksums: some changes only change pixels.
    #expect(decoded > 0 && decoded < 3000, "seed \(seed)")
  }

  /// The first start-of-scan segment with its data, up to the next marker.
  private func firstScan(of bytes: [UInt8]) -> Range<Int>? {
    func isMarker(_ position: Int, _ accept: (UInt8) -> Bool) -> Bool {
      bytes[position] == 0xFF && accept(bytes[position + 1])
    }
    let positions = bytes.indices.dropLast()
    guard let start = positions.first(where: { isMarker($0) { $0 == 0xDA } }) else { return nil }
    return positions.first { $0 > start + 1 && isMarker($0) { $0 > 0xBF } }.map { start..<$0 }
  }
}
