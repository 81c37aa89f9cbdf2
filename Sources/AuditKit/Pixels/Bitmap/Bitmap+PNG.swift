import CPixels
import Foundation

extension Bitmap {
  /// The bitmap as a PNG file, compressed with zlib's level 0 (none) to 9 (smallest); throws when
  /// memory is short.
  package func png(compressionLevel: Int = 6) throws(PixelError) -> [UInt8] {
    precondition((0...9).contains(compressionLevel), "compression level \(compressionLevel)")
    var encoded: UnsafeMutablePointer<UInt8>?
    var count = 0
    var failure = pixels_failure()
    let status = pixels_png_encode(
      pixels, UInt32(width), UInt32(height), Int32(compressionLevel), &encoded, &count, &failure)
    guard status == PIXELS_OK, let encoded else { throw PixelError(failure, kind: .png) }
    defer { free(encoded) }
    return Array(UnsafeBufferPointer(start: encoded, count: count))
  }
}
