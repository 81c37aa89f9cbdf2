import CPixels

extension ImageDecoder {
  static func decodePNG(
    _ bytes: UnsafeBufferPointer<UInt8>, _ minimumShorterEdge: Int?, _ limits: ImageLimits
  ) throws(PixelError) -> DecodedImage {
    guard let start = bytes.baseAddress, let reader = pixels_png_open(start, bytes.count) else {
      throw .tooLarge("out of memory")
    }
    defer { pixels_png_close(reader) }
    var header = pixels_header()
    var failure = pixels_failure()
    guard pixels_png_read_header(reader, &header, &failure) == PIXELS_OK else {
      throw PixelError(failure, kind: .png)
    }
    try check(header, limits)
    let (width, height) = (Int(header.width), Int(header.height))
    let reduction = pngReduction(header, minimumShorterEdge)
    let outputBytes = width * height * 3 / (reduction * reduction)
    // Interlaced images are held whole, others row by row, both with an alpha channel.
    let heldBytes = width * 4 * (header.interlaced != 0 ? height : 1)
    _ = try memoryLeft(after: outputBytes + heldBytes, limits)
    let bitmap = try reducedBitmap(header, reduction, kind: .png) { target, failure in
      pixels_png_decode(reader, UInt32(reduction), target, &failure)
    }
    return DecodedImage(
      kind: .png, bitmap: bitmap, originalWidth: width, originalHeight: height,
      reduction: reduction)
  }

  /// The largest whole number that keeps the margin.
  private static func pngReduction(_ header: pixels_header, _ minimumShorterEdge: Int?) -> Int {
    guard let wanted = minimumShorterEdge else { return 1 }
    let shorterEdge = Int(min(header.width, header.height))
    return min(max(shorterEdge / (wanted * reductionMargin), 1), 4096)
  }
}
