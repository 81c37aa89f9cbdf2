import Foundation

/// Sees to it that one process at a time scans into a report, and tells whether one does.
///
/// The system lets go of it when the process ends, however it ends: a run that the report calls running is not where
/// nobody holds it.
package enum ReportLock {
  /// What whoever only wants to know holds it for is over by then.
  package static let shortPatience = Duration.seconds(2)

  /// Does some work while the lock of a report is held; waits so long for another process to let go of it.
  ///
  /// - Throws: ``ScanError/reportInUse(path:)``, ``ScanError/fileFailed(path:reason:)``, and what `work` throws.
  package static func held<Value>(
    for report: String, patience: Duration = shortPatience, _ work: () throws -> Value
  ) throws -> Value {
    let path = path(of: report)
    let descriptor = try acquired(path, report, patience)
    defer {
      // Taken away while it is held, so that nobody waits for a file without a name.
      unlink(path)
      close(descriptor)
    }
    return try work()
  }

  /// Whether a process of this machine scans into a report.
  package static func isHeld(for report: String) -> Bool {
    let descriptor = open(path(of: report), O_RDONLY | O_CLOEXEC)
    // Where it cannot be looked at, the report's own word counts.
    guard descriptor >= 0 else { return errno != ENOENT }
    defer { close(descriptor) }
    return flock(descriptor, LOCK_SH | LOCK_NB) != 0
  }

  private static func path(of report: String) -> String { report + ".lock" }

  private static func acquired(
    _ path: String, _ report: String, _ patience: Duration
  ) throws(ScanError) -> Int32 {
    let end = ContinuousClock.now + patience
    while true {
      let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
      guard descriptor >= 0 else {
        throw .fileFailed(path: path, reason: String(cString: strerror(errno)))
      }
      let isLocked = flock(descriptor, LOCK_EX | LOCK_NB) == 0
      if isLocked, isAt(path, descriptor) { return descriptor }
      close(descriptor)
      // A lock on a file that its last holder took away is none.
      if isLocked { continue }
      guard ContinuousClock.now < end else { throw .reportInUse(path: report) }
      Thread.sleep(forTimeInterval: 0.1)
    }
  }

  /// Whether an open file is the one that a path leads to.
  private static func isAt(_ path: String, _ descriptor: Int32) -> Bool {
    var (named, opened) = (stat(), stat())
    return stat(path, &named) == 0 && fstat(descriptor, &opened) == 0
      && named.st_ino == opened.st_ino && named.st_dev == opened.st_dev
  }
}
