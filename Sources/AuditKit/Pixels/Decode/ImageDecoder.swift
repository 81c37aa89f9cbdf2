import CPixels

/// Decodes JPEG, PNG, and the first frames of WebP and GIF.
///
/// A JPEG is decoded at 1/2, 1/4 or 1/8 of its size by the DCT, and the pixels of the others are
/// averaged in square cells, where the wanted size allows it: the result keeps at least
/// ``reductionMargin`` times the wanted edge. Pillow's `Image.thumbnail` uses the same margin
/// (`reducing_gap=2.0`).
package enum ImageDecoder {
  /// The shorter edge of a reduced image is at least this many times the wanted edge.
  ///
  /// Measured on three photographs of 720 x 477 and 768 x 768 pixels, thumbnails of 64 pixels against
  /// those of the full image, in units of 1/255: an image exactly at the margin differs by 3.8 in the
  /// mean (99 % below 18) at a margin of 1, by 1.0 (5) at 2, by 0.4 (2) at 3.
  package static let reductionMargin = 2

  /// Decodes an image; what format it has is told from its bytes.
  ///
  /// - Parameters:
  ///   - bytes: The file.
  ///   - minimumShorterEdge: The edge that is wanted in the end; nil decodes at full size.
  ///   - limits: What decoding may cost.
  /// - Returns: The pixels, upright, and the size in full.
  /// - Throws: ``PixelError``, also for an image that is complete but for its last bytes.
  package static func decode(
    _ bytes: [UInt8], minimumShorterEdge: Int? = nil, limits: ImageLimits = ImageLimits()
  ) throws(PixelError) -> DecodedImage {
    precondition((minimumShorterEdge ?? 1) > 0, "a wanted edge of \(minimumShorterEdge ?? 0)")
    guard !bytes.isEmpty else { throw .empty }
    guard bytes.count <= limits.maximumFileBytes else {
      throw .tooLarge(
        "\(bytes.count) bytes, and maximumFileBytes is \(limits.maximumFileBytes)")
    }
    guard let kind = ImageKind(of: bytes) else { throw .notAnImage(ImageKind.guess(bytes)) }
    return try bytes.withUnsafeBufferPointer { (buffer) throws(PixelError) -> DecodedImage in
      switch kind {
      case .jpeg: try decodeJPEG(buffer, minimumShorterEdge, limits)
      case .png: try decode(.png, buffer, minimumShorterEdge, limits)
      case .webp:
        try decode(.webp, buffer, minimumShorterEdge, limits)
          .upright(from: Orientation(ofWebP: buffer))
      case .gif: try decode(.gif, buffer, minimumShorterEdge, limits)
      default: throw .unsupported(kind, "convert it to JPEG, PNG, WebP or GIF")
      }
    }
  }

  /// Refuses what is beyond the pixel limit.
  static func check(_ header: pixels_header, _ limits: ImageLimits) throws(PixelError) {
    let (width, height) = (Int(header.width), Int(header.height))
    guard width * height <= limits.maximumPixels else {
      throw .tooLarge(
        "\(width) x \(height) pixels, and maximumPixels is \(limits.maximumPixels)")
    }
  }

  /// Width and height of the pixels at 1/`reduction`.
  private static func reducedSize(_ header: pixels_header, _ reduction: Int) -> (Int, Int) {
    (
      (Int(header.width) + reduction - 1) / reduction,
      (Int(header.height) + reduction - 1) / reduction
    )
  }

  /// Refuses what is beyond the memory limit; returns what is left of it.
  static func memoryLeft(
    _ header: pixels_header, _ reduction: Int, _ limits: ImageLimits
  ) throws(PixelError) -> Int {
    let (width, height) = reducedSize(header, reduction)
    // Sides have 31 bits at most, so only the sum can be too large for 64 bits.
    let (sum, overflows) = (UInt64(width * height) * 3).addingReportingOverflow(header.held_bytes)
    let needed = overflows ? Int.max : Int(clamping: sum)
    guard needed < limits.maximumMemoryBytes else {
      throw .tooLarge(
        "decoding takes \(needed) bytes, and maximumMemoryBytes is "
          + "\(limits.maximumMemoryBytes)")
    }
    return limits.maximumMemoryBytes - needed
  }

  /// A bitmap of the reduced size that `decode` fills.
  static func reducedBitmap(
    _ header: pixels_header, _ reduction: Int, kind: ImageKind,
    decode: (UnsafeMutablePointer<UInt8>, inout pixels_failure) -> pixels_status
  ) throws(PixelError) -> Bitmap {
    let (width, height) = reducedSize(header, reduction)
    var failure = pixels_failure()
    var status = PIXELS_OK
    let pixels = [UInt8](unsafeUninitializedCapacity: width * height * 3) { buffer, filled in
      guard let target = buffer.baseAddress else { return }
      status = decode(target, &failure)
      filled = status == PIXELS_OK ? width * height * 3 : 0
    }
    guard status == PIXELS_OK else { throw PixelError(failure, kind: kind) }
    return Bitmap(width: width, height: height, pixels: pixels)
  }
}
