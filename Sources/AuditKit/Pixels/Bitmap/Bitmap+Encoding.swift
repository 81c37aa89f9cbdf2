import CPixels
import Foundation

extension Bitmap {
  /// The bitmap as a PNG file, compressed with zlib's level 0 (none) to 9 (smallest); throws when
  /// memory is short.
  package func png(compressionLevel: Int = 6) throws(PixelError) -> [UInt8] {
    precondition((0...9).contains(compressionLevel), "compression level \(compressionLevel)")
    return try encoded(.png, Int32(compressionLevel), pixels_png_encode)
  }

  /// The bitmap as a JPEG file of libjpeg's quality 1 to 100, chroma at half the resolution; throws when it
  /// has more than 65 500 pixels a side or memory is short.
  package func jpeg(quality: Int = 90) throws(PixelError) -> [UInt8] {
    precondition((1...100).contains(quality), "quality \(quality)")
    return try encoded(.jpeg, Int32(quality), pixels_jpeg_encode)
  }

  /// What CPixels's encoders have in common: pixels, width, height, a setting, and where bytes, their
  /// number and a failure go.
  private typealias Encoder = (
    UnsafePointer<UInt8>, UInt32, UInt32, Int32,
    UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>, UnsafeMutablePointer<Int>,
    UnsafeMutablePointer<pixels_failure>
  ) -> pixels_status

  private func encoded(
    _ kind: ImageKind, _ setting: Int32, _ encode: Encoder
  ) throws(PixelError) -> [UInt8] {
    var encoded: UnsafeMutablePointer<UInt8>?
    var count = 0
    var failure = pixels_failure()
    let status = encode(
      pixels, UInt32(width), UInt32(height), setting, &encoded, &count, &failure)
    guard status == PIXELS_OK, let encoded else { throw PixelError(failure, kind: kind) }
    defer { free(encoded) }
    return Array(UnsafeBufferPointer(start: encoded, count: count))
  }
}
