import CPixels

extension ImageDecoder {
  static func decodeJPEG(
    _ bytes: UnsafeBufferPointer<UInt8>, _ minimumShorterEdge: Int?, _ limits: ImageLimits
  ) throws(PixelError) -> DecodedImage {
    guard let start = bytes.baseAddress, let reader = pixels_jpeg_open(start, bytes.count) else {
      throw .tooLarge("out of memory")
    }
    defer { pixels_jpeg_close(reader) }
    var header = pixels_header()
    var failure = pixels_failure()
    guard pixels_jpeg_read_header(reader, &header, &failure) == PIXELS_OK else {
      throw PixelError(failure, kind: .jpeg)
    }
    try check(header, limits)
    let reduction = jpegReduction(header, minimumShorterEdge)
    let left = try memoryLeft(header, reduction, limits)
    let stored = try reducedBitmap(header, reduction, kind: .jpeg) { target, failure in
      pixels_jpeg_decode(reader, UInt32(reduction), left, target, &failure)
    }
    return DecodedImage(
      kind: .jpeg, bitmap: stored, originalWidth: Int(header.width),
      originalHeight: Int(header.height), reduction: reduction
    ).upright(from: Orientation(ofJPEG: bytes))
  }

  /// The largest of 1, 2, 4, 8 that keeps the margin.
  private static func jpegReduction(_ header: pixels_header, _ minimumShorterEdge: Int?) -> Int {
    guard let wanted = minimumShorterEdge else { return 1 }
    let shorterEdge = Int(min(header.width, header.height))
    return [8, 4, 2].first { shorterEdge >= $0 * wanted * reductionMargin } ?? 1
  }
}
