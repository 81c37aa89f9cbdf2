import CPixels

extension ImageDecoder {
  /// Decodes PNG, WebP or GIF.
  static func decode(
    _ format: RowFormat, _ bytes: UnsafeBufferPointer<UInt8>, _ minimumShorterEdge: Int?,
    _ limits: ImageLimits
  ) throws(PixelError) -> DecodedImage {
    guard let start = bytes.baseAddress, let reader = format.open(start, bytes.count) else {
      throw .tooLarge("out of memory")
    }
    defer { format.close(reader) }
    var header = pixels_header()
    var failure = pixels_failure()
    guard format.readHeader(reader, &header, &failure) == PIXELS_OK else {
      throw PixelError(failure, kind: format.kind)
    }
    try check(header, limits)
    let reduction = cellEdge(header, minimumShorterEdge)
    _ = try memoryLeft(header, reduction, limits)
    let bitmap = try reducedBitmap(header, reduction, kind: format.kind) { target, failure in
      format.decode(reader, UInt32(reduction), target, &failure)
    }
    return DecodedImage(
      kind: format.kind, bitmap: bitmap, originalWidth: Int(header.width),
      originalHeight: Int(header.height), reduction: reduction)
  }

  /// The largest whole number that keeps the margin.
  private static func cellEdge(_ header: pixels_header, _ minimumShorterEdge: Int?) -> Int {
    guard let wanted = minimumShorterEdge else { return 1 }
    let shorterEdge = Int(min(header.width, header.height))
    return min(max(shorterEdge / (wanted * reductionMargin), 1), 4096)
  }
}
