/// An image's pixels, possibly at a whole fraction of its size, and what it was.
package struct DecodedImage: Sendable {
  package let kind: ImageKind
  /// The pixels, upright: `ceil(original / reduction)` in each direction.
  package let bitmap: Bitmap
  /// Width of the upright image in full.
  package let originalWidth: Int
  /// Height of the upright image in full.
  package let originalHeight: Int
  /// 1 for full size, 2 for half ...
  package let reduction: Int

  /// Turned and mirrored so that it is upright when the stored rows and columns mean `orientation`.
  func upright(from orientation: Orientation) -> DecodedImage {
    DecodedImage(
      kind: kind, bitmap: bitmap.upright(from: orientation),
      originalWidth: orientation.swapsAxes ? originalHeight : originalWidth,
      originalHeight: orientation.swapsAxes ? originalWidth : originalHeight, reduction: reduction)
  }

  /// Made to fit a square of `edge` pixels.
  ///
  /// The sizes are those of the original, so a reduced image is sampled at the same places as the
  /// full one.
  package func thumbnail(edge: Int, fit: ThumbnailFit) -> Bitmap {
    switch fit {
    case .squash:
      bitmap.resized(
        axis(of: originalWidth, to: edge, window: edge),
        axis(of: originalHeight, to: edge, window: edge))
    case .crop:
      cropped(edge: edge)
    }
  }

  private func cropped(edge: Int) -> Bitmap {
    let size = Bitmap.size(width: originalWidth, height: originalHeight, shorterEdge: edge)
    return bitmap.resized(
      axis(of: originalWidth, to: size.width, window: edge),
      axis(of: originalHeight, to: size.height, window: edge))
  }

  private func axis(of original: Int, to output: Int, window: Int) -> Bitmap.Axis {
    let start = Bitmap.centredStart(of: window, in: output)
    return Bitmap.Axis(
      box: Double(original) / Double(reduction), output: output, window: start..<(start + window))
  }
}
