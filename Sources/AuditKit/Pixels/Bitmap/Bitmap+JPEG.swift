import CPixels
import Foundation

extension Bitmap {
  /// The bitmap as a JPEG file of libjpeg's quality 1 to 100, chroma at half the resolution; throws when it
  /// has more than 65 500 pixels a side or memory is short.
  package func jpeg(quality: Int = 90) throws(PixelError) -> [UInt8] {
    precondition((1...100).contains(quality), "quality \(quality)")
    var encoded: UnsafeMutablePointer<UInt8>?
    var count = 0
    var failure = pixels_failure()
    let status = pixels_jpeg_encode(
      pixels, UInt32(width), UInt32(height), Int32(quality), &encoded, &count, &failure)
    guard status == PIXELS_OK, let encoded else { throw PixelError(failure, kind: .jpeg) }
    defer { free(encoded) }
    return Array(UnsafeBufferPointer(start: encoded, count: count))
  }
}
