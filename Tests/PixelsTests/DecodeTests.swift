import AuditPixels
import Foundation
import Testing

@Suite struct DecodeTests {
  @Test(arguments: [
    "baseline", "full-chroma", "progressive", "restarts", "grey", "cmyk", "ycck", "one-pixel",
    "trailing-bytes", "orientation-1", "orientation-2", "orientation-3", "orientation-4",
    "orientation-5", "orientation-6", "orientation-7", "orientation-8", "orientation-big-endian",
  ])
  func jpegDecodesAsPillowDoes(_ name: String) throws {
    let image = try ImageDecoder.decode(Fixture.image("\(name).jpg"))
    let expected = try Fixture.expected(name)
    #expect(image.kind == .jpeg)
    #expect(image.reduction == 1)
    #expect(image.originalWidth == expected.width && image.originalHeight == expected.height)
    try #require(image.bitmap.width == expected.width && image.bitmap.height == expected.height)
    #expect(image.bitmap.largestDifference(to: expected) == 0)
  }

  @Test func everyColourTypeDepthAndInterlacingOfPNGDecodesExactly() throws {
    let names = try Fixture.imageNames(".png").filter { $0.hasPrefix("png-") }
    // 15 combinations of colour type and depth, 7 of them keyed, 4 palettes with alpha, twice.
    #expect(names.count == 2 * (15 + 7 + 4))
    for name in names {
      let image = try ImageDecoder.decode(Fixture.image(name))
      let stem = name.replacing("-interlaced", with: "").replacing(".png", with: "")
      let expected = try Fixture.expected(stem)
      #expect(image.kind == .png)
      // Rounding 16-bit samples before alpha is applied, instead of after, may shift the last bit.
      let tolerance = stem.contains("-16") ? 1 : 0
      #expect(image.bitmap.largestDifference(to: expected) <= tolerance, "\(name)")
    }
  }

  @Test func alphaIsCompositedOverWhite() throws {
    let image = try ImageDecoder.decode(Fixture.image("png-6-8.png")).bitmap
    #expect(Array(image.pixels.prefix(3)) == [255, 255, 255])
  }

  @Test func animatedPNGShowsItsDefaultImage() throws {
    let image = try ImageDecoder.decode(Fixture.image("animated.png"))
    #expect(image.bitmap == (try Fixture.expected("animated")))
  }

  @Test func kindIsToldFromTheBytes() throws {
    let heads: [(ImageKind, [UInt8])] = [
      (.avif, [0, 0, 0, 0x1C] + Array("ftypavif".utf8)),
      (.heic, [0, 0, 0, 0x18] + Array("ftypheic".utf8)), (.bmp, Array("BM6".utf8)),
      (.tiff, [0x49, 0x49, 0x2A, 0]), (.tiff, [0x4D, 0x4D, 0, 0x2A]),
      (.svg, Array("<?xml version='1.0'?>\n<svg width='1'>".utf8)), (.svg, Array(" <svg>".utf8)),
      (.photoshop, Array("8BPS".utf8)), (.jpegXL, [0xFF, 0x0A]), (.icon, [0, 0, 1, 0]),
      (.jpeg2000, [0xFF, 0x4F, 0xFF, 0x51]),
    ]
    for (kind, head) in heads {
      #expect(ImageKind(of: head) == kind)
      let error = #expect(throws: PixelError.self) { try ImageDecoder.decode(head) }
      #expect(error?.reason == .unsupportedImage)
      #expect(error?.description.contains(kind.name) == true)
    }
    for (suffix, kind) in [
      (".jpg", .jpeg), (".png", .png), (".webp", .webp), (".gif", .gif),
    ] as [(String, ImageKind)] {
      for name in try Fixture.imageNames(suffix) {
        #expect(ImageKind(of: try Fixture.image(name)) == kind, "\(name)")
      }
    }
    #expect(Set(heads.map(\.0)).union([.jpeg, .png, .webp, .gif]) == Set(ImageKind.allCases))
    // Sound, and a WebP without its container.
    #expect(ImageKind(of: Array("RIFF\0\0\0\0WAVE".utf8)) == nil)
    #expect(ImageKind(of: Array("RAFF\0\0\0\0WEBP".utf8)) == nil)
  }

  @Test(arguments: [
    ("<!DOCTYPE html><title>404</title>", "HTML"), ("{\"error\": 1}", "JSON"),
    ("not found\n", "text"), ("\0\0\0\0\0", "zero"), ("\u{1}\u{2}\u{3}", "01 02 03"),
  ])
  func messageSaysWhatBytesThatAreNoImageLookLike(_ text: String, _ word: String) {
    let error = #expect(throws: PixelError.self) { try ImageDecoder.decode(Array(text.utf8)) }
    #expect(error?.reason == .notAnImage)
    #expect(error?.description.contains(word) == true)
  }

  @Test func noBytesAreAnErrorOfTheirOwn() {
    #expect(throws: PixelError.empty) { try ImageDecoder.decode([]) }
  }

  @Test func encodedPNGDecodesToTheSamePixels() throws {
    for (width, height) in [(1, 1), (3, 17), (64, 64), (300, 2)] {
      var generator = SystemRandomNumberGenerator()
      let pixels = (0..<(width * height * 3)).map { _ in
        UInt8.random(in: 0...255, using: &generator)
      }
      let bitmap = Bitmap(width: width, height: height, pixels: pixels)
      for level in [0, 6, 9] {
        let image = try ImageDecoder.decode(bitmap.png(compressionLevel: level))
        #expect(image.kind == .png)
        #expect(image.bitmap == bitmap)
      }
    }
  }
}
