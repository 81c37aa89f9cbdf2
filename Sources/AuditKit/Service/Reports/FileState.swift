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

/// A report's file and its log of commits, as they were when somebody looked.
struct ReportStamp: Hashable, Sendable {
  let file: FileState
  /// Nil where there is none or it is empty, which the first reader makes it and the last one removes.
  let log: FileState?

  /// Nil where there is no report, or where it changed a moment ago: a file system's clock would not tell apart what
  /// follows.
  init?(path: String, now: Date = Date()) {
    guard let file = FileState(path: path) else { return nil }
    self.file = file
    log = FileState(path: path + "-wal").flatMap { $0.byteCount > 0 ? $0 : nil }
    let settled = Int64((now.timeIntervalSince1970 - 2) * 1_000_000_000)
    guard max(file.changed, log?.changed ?? 0) < settled else { return nil }
  }
}
