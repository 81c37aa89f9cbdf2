import AuditPixels
import Foundation
import Testing

@Suite struct WebPTests {
  @Test(arguments: [
    "webp-lossy", "webp-lossy-odd", "webp-lossy-alpha", "webp-trailing-bytes", "webp-animated",
    "webp-lossless", "webp-lossless-palette", "webp-lossless-alpha", "webp-animated-alpha",
  ])
  func webpDecodesAsPillowDoes(_ name: String) throws {
    let image = try ImageDecoder.decode(Fixture.image("\(name).webp"))
    let expected = try Fixture.expected(name)
    #expect(image.kind == .webp)
    #expect(image.reduction == 1)
    #expect(image.originalWidth == expected.width && image.originalHeight == expected.height)
    try #require(image.bitmap.width == expected.width && image.bitmap.height == expected.height)
    // Pillow brings a libwebp of its own, whose chroma may be rounded otherwise.
    let isLossless = name.contains("lossless") || name == "webp-animated-alpha"
    #expect(image.bitmap.largestDifference(to: expected) <= (isLossless ? 0 : 1))
  }

  @Test(arguments: ["1", "2", "3", "4", "5", "6", "7", "8", "prefixed"])
  func orientationIsHonoured(_ orientation: String) throws {
    let name = "webp-orientation-\(orientation)"
    let image = try ImageDecoder.decode(Fixture.image("\(name).webp"))
    let expected = try Fixture.expected(name)
    #expect(image.bitmap == expected)
    #expect(image.originalWidth == expected.width && image.originalHeight == expected.height)
  }

  @Test func reducedImageIsTurnedToo() throws {
    let bytes = try Fixture.image("webp-orientation-6.webp")
    let image = try ImageDecoder.decode(bytes, minimumShorterEdge: 1)
    #expect(image.reduction == 3)
    #expect(image.originalWidth == 6 && image.originalHeight == 11)
    #expect(image.bitmap.width == 2 && image.bitmap.height == 4)
  }

  @Test func orientationThatMakesNoSenseIsUpright() throws {
    let bytes = try Fixture.image("webp-orientation-6.webp")
    let upright = try Fixture.expected("webp-orientation-1")
    let exif = try #require(position(of: "EXIF", in: bytes))
    let value = exif + 8 + 18
    #expect(bytes[value] == 6)
    // The header's flag that announces EXIF, the value, the directory's place, the block's first byte.
    for (place, byte) in [(20, 0), (value, 9), (exif + 12, 200), (exif + 8, 0)] as [(Int, UInt8)] {
      var changed = bytes
      changed[place] = byte
      #expect(try ImageDecoder.decode(changed).bitmap == upright, "byte \(place)")
    }
  }

  @Test func frameIsPlacedOnAWhiteCanvas() throws {
    let image = try ImageDecoder.decode(Fixture.image("webp-animated.webp")).bitmap
    // 12 x 10 pixels at (6, 4).
    for y in 0..<24 {
      for x in 0..<30 where !(6..<18).contains(x) || !(4..<14).contains(y) {
        let start = (y * 30 + x) * 3
        #expect(image.pixels[start..<(start + 3)].allSatisfy { $0 == 255 }, "(\(x), \(y))")
      }
    }
  }

  /// Where all sizes fit, only the coder can tell that its data end early.
  ///
  /// The last bytes may be padding, or hold no more than the last pixel.
  @Test(arguments: [
    ("webp-lossy", "VP8 "), ("webp-lossless", "VP8L"), ("webp-lossy-alpha", "ALPH"),
  ])
  func missingDataInAWholeContainerAreCorrupt(_ name: String, _ chunk: String) throws {
    let bytes = try Fixture.image("\(name).webp")
    let start = try #require(position(of: chunk, in: bytes))
    let count = Int(bytes[start + 4]) | Int(bytes[start + 5]) << 8
    let end = start + 8 + count + count % 2
    for kept in 0..<(count - 8) {
      let body = bytes[(start + 8)..<(start + 8 + kept)] + Array(repeating: 0, count: kept % 2)
      let cut = ImageMutation.withRepairedSize(
        bytes[..<(start + 4)] + ImageMutation.littleEndian(UInt32(kept)) + body + bytes[end...])
      let error = #expect(throws: PixelError.self, "\(kept) of \(count) bytes") {
        try ImageDecoder.decode(cut)
      }
      #expect(
        error?.reason == .corruptImage, "\(kept) of \(count) bytes: \(String(describing: error))")
    }
  }

  @Test func damagedChunksAreCorrupt() throws {
    let still = try Fixture.image("webp-lossy.webp")
    let animation = try Fixture.image("webp-animated.webp")
    let frame = try #require(position(of: "ANMF", in: animation))
    let animationData = try #require(position(of: "VP8 ", in: animation))
    // The chunk's name, its size, the start code of lossy data; then a frame that leaves its canvas, a
    // chunk that is larger than its frame, and an announcement of features that there are not.
    let changes: [([UInt8], Int, UInt8)] = [
      (still, 14, 0x39), (still, 19, 0x10), (still, 23, 0), (animation, frame + 8, 200),
      (animation, animationData + 5, 0x10), (animation, 20, 0xFF),
    ]
    for (bytes, place, byte) in changes {
      var changed = bytes
      changed[place] = byte
      let error = #expect(throws: PixelError.self) { try ImageDecoder.decode(changed) }
      #expect(error?.reason == .corruptImage, "byte \(place): \(String(describing: error))")
    }
  }

  @Test func limitsAreKept() throws {
    // Bytes that each pixel takes: three of the result, and what libwebp holds.
    for (name, bytesPerPixel) in [
      ("webp-lossy", 6), ("webp-lossless", 10), ("webp-lossy-alpha", 12),
    ] {
      let bytes = try Fixture.image("\(name).webp")
      let expected = try Fixture.expected(name)
      let pixels = expected.width * expected.height
      var limits = ImageLimits()
      limits.maximumPixels = pixels
      limits.maximumMemoryBytes = pixels * bytesPerPixel
      let error = #expect(throws: PixelError.self) {
        try ImageDecoder.decode(bytes, limits: limits)
      }
      #expect(error?.reason == .imageTooLarge, "\(name)")
      // Two rows of the canvas.
      limits.maximumMemoryBytes += expected.width * 2 * 4 + 1
      #expect(throws: Never.self) { try ImageDecoder.decode(bytes, limits: limits) }
      limits.maximumPixels -= 1
      let other = #expect(throws: PixelError.self) {
        try ImageDecoder.decode(bytes, limits: limits)
      }
      #expect(other?.reason == .imageTooLarge, "\(name)")
    }
  }

  @Test(
    arguments: [
      // The canvas of an animation, 16 777 216 x 255; the frame of a lossless and of a lossy image.
      ("webp-animated", 24, [0xFF, 0xFF, 0xFF, 0xFE, 0, 0]),
      ("webp-lossless", 21, [0xFF, 0xFF, 0xFF, 0x0F]),
      ("webp-lossy", 26, [0xFF, 0x3F, 0xFF, 0x3F]),
    ] as [(String, Int, [UInt8])])
  func smallFileThatClaimsToBeHugeCostsNothing(
    _ name: String, _ place: Int, _ size: [UInt8]
  ) throws {
    var bytes = try Fixture.image("\(name).webp")
    bytes.replaceSubrange(place..<(place + size.count), with: size)
    for edge in [nil, 64] as [Int?] {
      let error = #expect(throws: PixelError.self) {
        try ImageDecoder.decode(bytes, minimumShorterEdge: edge)
      }
      #expect(error?.reason == .imageTooLarge, "\(String(describing: error))")
    }
  }

  @Test func fileOfMillionsOfChunksIsRefused() throws {
    let bytes = try Fixture.image("webp-orientation-1.webp")
    let empty = Array("junk\0\0\0\0".utf8)
    // Behind the header, and inside what claims to be a frame.
    for prefix in [[], Array("ANMF\0\0\u{20}\0".utf8) + Array(repeating: 0, count: 16)] as [[UInt8]]
    {
      let chunks = Array(repeatElement(empty, count: 100_001).joined())
      let hostile = ImageMutation.withRepairedSize(bytes[..<30] + prefix + chunks + bytes[30...])
      let error = #expect(throws: PixelError.self) { try ImageDecoder.decode(hostile) }
      #expect(error?.reason == .imageTooLarge, "\(String(describing: error))")
      #expect(error?.description.contains("chunks") == true)
    }
    let few = Array(repeatElement(empty, count: 1000).joined())
    let harmless = ImageMutation.withRepairedSize(bytes[..<30] + few + bytes[30...])
    #expect(try ImageDecoder.decode(harmless).bitmap == Fixture.expected("webp-orientation-1"))
  }

  private func position(of name: String, in bytes: [UInt8]) -> Int? {
    bytes.indices.dropLast(7).first { bytes[$0..<($0 + 4)].elementsEqual(name.utf8) }
  }
}
