import AuditPixels
import CPixels
import Foundation
import NeuralKit
import Testing

@Suite struct ResizeTests {
  @Test(arguments: ["photo.jpg", "gray.jpg", "photo.png"], [64, 224])
  func preprocessingMatchesTorchvisionAndPillow(_ name: String, _ edge: Int) throws {
    let file = try SafetensorsFile(Fixture.golden("preprocess.safetensors"))
    let golden = file.floats("\(name).\(edge)")
    try #require(golden.count == 3 * edge * edge)
    let image = try ImageDecoder.decode(Fixture.golden("images/\(name)"))
    let bitmap = image.bitmap.resized(shorterEdge: edge).centerCropped(edge: edge)
    #expect(bitmap == image.thumbnail(edge: edge, fit: .crop))
    let augmentation = ImageAugmentation(.identity, edge: edge)
    var view = [Float](repeating: .nan, count: golden.count)
    var output = view.mutableSpan
    augmentation.applyPlain(bitmap.pixels.span, thumbnailEdge: edge, into: &output)
    var largest: Float = 0
    for channel in 0..<3 {
      for position in 0..<(edge * edge) {
        let difference = view[position * 3 + channel] - golden[channel * edge * edge + position]
        largest = max(largest, abs(difference))
      }
    }
    // The 8-bit pixels are equal (one step is 0.014); what is left is the rounding of float32.
    #expect(largest < 1e-6)
  }

  @Test(arguments: ["baseline", "avx2", "avx512"])
  func everyInstructionSetGivesTheSameBytes(_ level: String) throws {
    guard pixels_choose_kernels(level) != 0 else { return }
    defer { _ = pixels_choose_kernels(nil) }
    let cases: [(Int, Int, Int, Int)] = [
      (1, 1, 3, 2), (3, 17, 17, 3), (17, 3, 5, 64), (64, 64, 64, 64), (100, 37, 9, 37),
      (37, 100, 37, 11), (130, 90, 47, 33), (33, 47, 200, 131),
    ]
    for (width, height, newWidth, newHeight) in cases {
      let bitmap = Bitmap.noise(width: width, height: height)
      let resized = bitmap.resized(width: newWidth, height: newHeight)
      #expect(resized == PlainResize.bicubic(bitmap, newWidth, newHeight), "\(width) x \(height)")
    }
  }

  @Test func unchangedSizeIsACopy() {
    let bitmap = Bitmap.noise(width: 17, height: 5)
    #expect(bitmap.resized(width: 17, height: 5) == bitmap)
  }

  @Test func shorterEdgeFitsAndLongerIsRoundedDown() {
    let cases: [(Int, Int, Int, Int, Int)] = [
      (60, 80, 64, 64, 85), (80, 60, 64, 85, 64), (171, 233, 224, 224, 305), (9, 9, 5, 5, 5),
    ]
    for (width, height, edge, newWidth, newHeight) in cases {
      let size = Bitmap.size(width: width, height: height, shorterEdge: edge)
      #expect(size.width == newWidth && size.height == newHeight)
    }
  }

  @Test func middleIsRoundedHalfToEven() {
    #expect(Bitmap.centredStart(of: 64, in: 85) == 10)
    #expect(Bitmap.centredStart(of: 64, in: 67) == 2)
    #expect(Bitmap.centredStart(of: 64, in: 65) == 0)
  }

  @Test func cropIsTheMiddleOfTheImage() {
    let bitmap = Bitmap.noise(width: 9, height: 5)
    let crop = bitmap.centerCropped(edge: 3)
    for y in 0..<3 {
      for x in 0..<9 {
        #expect(crop.pixels[y * 9 + x] == bitmap.pixels[(y + 1) * 27 + 9 + x])
      }
    }
  }

  @Test func windowIsAPartOfTheWholeResult() {
    let bitmap = Bitmap.noise(width: 50, height: 33)
    let whole = bitmap.resized(width: 31, height: 70)
    let window = bitmap.resized(
      Bitmap.Axis(box: 50, output: 31, window: 4..<20),
      Bitmap.Axis(box: 33, output: 70, window: 60..<70))
    for y in 0..<10 {
      let start = ((y + 60) * 31 + 4) * 3
      #expect(window.pixels[(y * 48)..<(y * 48 + 48)] == whole.pixels[start..<(start + 48)])
    }
  }

  @Test func squashKeepsBothEndsOfAWideImage() throws {
    // Black, with white columns at the ends, which cropping loses.
    let row = (0..<200).flatMap { x in [UInt8](repeating: x < 20 || x >= 180 ? 255 : 0, count: 3) }
    let wide = Bitmap(width: 200, height: 20, pixels: (0..<20).flatMap { _ in row })
    let image = try ImageDecoder.decode(wide.png())
    let crop = image.thumbnail(edge: 20, fit: .crop)
    let squash = image.thumbnail(edge: 20, fit: .squash)
    #expect(crop.pixels.allSatisfy { $0 == 0 })
    #expect(squash.pixels[0] == 255 && squash.pixels[19 * 3] == 255 && squash.pixels[30] == 0)
  }

  @Test func imageOfExtremeShapeBecomesAThumbnail() throws {
    for (width, height) in [(30_000, 1), (1, 30_000)] {
      let image = try ImageDecoder.decode(
        Bitmap(width: width, height: height, pixels: [UInt8](repeating: 77, count: 90_000)).png(),
        minimumShorterEdge: 64)
      for fit in ThumbnailFit.allCases {
        #expect(image.thumbnail(edge: 64, fit: fit).pixels.allSatisfy { $0 == 77 })
      }
    }
  }
}
