import AuditPixels
import Testing

@Suite struct JPEGEncodingTests {
  /// A smooth picture of odd size.
  private static let image: Bitmap = {
    var pixels: [UInt8] = []
    for y in 0..<21 {
      for x in 0..<37 { pixels += [UInt8(3 * x + 40), UInt8(200 - 4 * y), UInt8(100 + x)] }
    }
    return Bitmap(width: 37, height: 21, pixels: pixels)
  }()

  private static func error(_ quality: Int) throws -> Double {
    let decoded = try ImageDecoder.decode(try image.jpeg(quality: quality)).bitmap
    #expect(decoded.width == 37 && decoded.height == 21)
    let errors = zip(image.pixels, decoded.pixels).map { abs(Int($0) - Int($1)) }
    return Double(errors.reduce(0, +)) / Double(errors.count)
  }

  @Test("an encoded image comes back nearly as it was, nearer at a higher quality")
  func roundTrip() throws {
    #expect(try Self.error(95) < 2)
    #expect(try Self.error(95) < (try Self.error(10)))
    #expect(try Self.image.jpeg(quality: 10).count < (try Self.image.jpeg(quality: 95).count))
  }

  @Test("the bytes are a JPEG, the same each time")
  func repeating() throws {
    let bytes = try Self.image.jpeg()
    #expect(ImageKind(of: bytes) == .jpeg)
    #expect(bytes == (try Self.image.jpeg()))
  }

  @Test("a single pixel can be encoded; what is too wide for the format is an error")
  func limits() throws {
    let pixel = Bitmap(width: 1, height: 1, pixels: [200, 10, 30])
    let back = try ImageDecoder.decode(try pixel.jpeg(quality: 100)).bitmap
    #expect(zip(pixel.pixels, back.pixels).allSatisfy { abs(Int($0) - Int($1)) <= 4 })
    let wide = Bitmap(width: 70_000, height: 1, pixels: [UInt8](repeating: 0, count: 210_000))
    #expect(throws: PixelError.self) { try wide.jpeg() }
  }
}
