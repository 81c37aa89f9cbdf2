import AuditDump
import AuditPixels
import AuditReport
import Foundation

/// The image of a pair, read from the crawl for people to look at.
struct PairImage: Sendable {
  private let source: ImageSource
  private let roots: CrawlRoots
  private let files: ImageFiles

  init(_ pair: PairRecord, roots: CrawlRoots, files: ImageFiles) {
    source = ImageSource(
      path: pair.sourcePath, member: pair.sourceMember, offset: pair.sourceOffset,
      length: pair.sourceLength)
    self.roots = roots
    self.files = files
  }

  /// A JPEG whose longer edge has at most `edge` pixels; waits for the disk.
  ///
  /// - Throws: `Problem` where the image is gone, lies outside of the crawl roots, or cannot be decoded.
  func jpeg(edge: Int) throws -> [UInt8] {
    do {
      let decoded = try ImageDecoder.decode(try bytes(), minimumShorterEdge: edge)
      let bitmap = decoded.bitmap
      let longer = max(bitmap.width, bitmap.height)
      guard longer > edge else { return try bitmap.jpeg(quality: 85) }
      let scale = Double(edge) / Double(longer)
      return try bitmap.resized(
        width: max(1, Int((Double(bitmap.width) * scale).rounded())),
        height: max(1, Int((Double(bitmap.height) * scale).rounded()))
      ).jpeg(quality: 85)
    } catch let error as PixelError {
      throw Problem(.notFound, "The image cannot be shown: \(error)")
    }
  }

  /// The bytes, where what was opened really lies below a root: a link may have been laid since the scan, and since the
  /// look that spares what lies elsewhere from being opened and unpacked.
  private func bytes() throws -> [UInt8] {
    let missing = Problem(
      .notFound, "The image is not there, or not below one of the service's crawl roots.")
    guard roots.containTarget(of: source.path), let file = try? files.file(for: source),
      let real = file.realPath, roots.contains(real),
      let bytes = try? files.bytes(of: source, in: file)
    else { throw missing }
    return bytes
  }
}
