import Foundation

/// Which file a path leads to, and what it was when somebody looked.
struct FileState: Hashable, Sendable {
  let device: UInt64
  let number: UInt64
  let byteCount: Int
  /// Nanoseconds since 1970.
  let changed: Int64

  /// Nil where there is no regular file.
  init?(path: String) {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    device = UInt64(status.st_dev)
    number = UInt64(status.st_ino)
    byteCount = Int(status.st_size)
    // A file may have any time, also one whose nanoseconds no integer holds.
    let seconds = min(max(Int64(status.st_mtim.tv_sec), -9_000_000_000), 9_000_000_000)
    changed = seconds * 1_000_000_000 + Int64(status.st_mtim.tv_nsec)
  }

  /// Whether both are the same file, changed or not.
  func isSameFile(as other: FileState) -> Bool {
    device == other.device && number == other.number
  }
}
