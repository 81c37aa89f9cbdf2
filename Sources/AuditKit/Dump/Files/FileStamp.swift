import Foundation

/// Size and time of a file when it was opened: other ones later tell that somebody wrote to it.
///
/// A class, so that the millions of images of some shards share those of each.
package final class FileStamp: Sendable {
  package let byteCount: Int64
  private let seconds: Int
  private let nanoseconds: Int

  init(_ status: stat) {
    byteCount = Int64(status.st_size)
    seconds = status.st_mtim.tv_sec
    nanoseconds = status.st_mtim.tv_nsec
  }
}

extension FileStamp: Equatable {
  /// Whether both are of the same state of a file.
  package static func == (left: FileStamp, right: FileStamp) -> Bool {
    (left.byteCount, left.seconds, left.nanoseconds)
      == (right.byteCount, right.seconds, right.nanoseconds)
  }
}
