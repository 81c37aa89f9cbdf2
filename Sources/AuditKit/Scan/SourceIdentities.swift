import AuditDump
import AuditPixels
import Foundation
import Synchronization

/// Size and time of the last change of each file of a crawl, asked for once a file.
final class SourceIdentities: Sendable {
  private struct Stamp: Sendable {
    let modificationNanoseconds: Int64
    let byteCount: Int64
  }

  private let stamps = Mutex<[String: Stamp?]>([:])

  /// What tells whether an image was seen before; nil where its file cannot be asked.
  func identity(of image: ImageSource) -> SourceIdentity? {
    let known = stamps.withLock { $0[image.path] }
    guard let stamp = known ?? remember(image) else { return nil }
    return SourceIdentity(
      path: image.path, member: image.member, offset: image.offset, length: image.length,
      modificationNanoseconds: stamp.modificationNanoseconds, fileByteCount: stamp.byteCount)
  }

  private func remember(_ image: ImageSource) -> Stamp? {
    var status = stat()
    guard stat(image.path, &status) == 0 else { return nil }
    let stamp = Stamp(
      modificationNanoseconds: Int64(status.st_mtim.tv_sec) * 1_000_000_000
        + Int64(status.st_mtim.tv_nsec),
      byteCount: Int64(status.st_size))
    // Files of one image are asked for once anyway; only shards are worth remembering.
    if image.member != nil { stamps.withLock { $0[image.path] = stamp } }
    return stamp
  }
}
