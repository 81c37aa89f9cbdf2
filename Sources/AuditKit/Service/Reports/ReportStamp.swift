import Foundation

/// A report's file and its log of commits, as they were when somebody looked.
struct ReportStamp: Hashable, Sendable {
  let file: FileState
  /// Nil where there is none or it is empty, which the first reader makes it and the last one removes.
  let log: FileState?

  /// Nil where there is no report, or where it changed a moment ago: a file system's clock would not tell apart what
  /// follows.
  init?(path: String) {
    guard let file = FileState(path: path) else { return nil }
    self.file = file
    log = FileState(path: path + "-wal").flatMap { $0.byteCount > 0 ? $0 : nil }
    let settled = Int64((Date().timeIntervalSince1970 - 2) * 1_000_000_000)
    guard max(file.changed, log?.changed ?? 0) < settled else { return nil }
  }
}
