import Foundation

/// Sees to it that one process at a time scans into a report.
///
/// The system lets go of it when the process ends, however it ends.
struct ReportLock: ~Copyable {
  private let descriptor: Int32

  /// A service that was killed leaves a scan that still writes its last checkpoint.
  private static let patience = Duration.seconds(120)

  /// Waits for the lock of a report.
  init(report: String) throws {
    let path = report + ".lock"
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw JobError.cannotLock(path: path, reason: String(cString: strerror(errno)))
    }
    let end = ContinuousClock.now + Self.patience
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      guard ContinuousClock.now < end else {
        close(descriptor)
        throw JobError.cannotLock(path: path, reason: "another process scans into this report")
      }
      Thread.sleep(forTimeInterval: 0.1)
    }
  }

  /// Lets go of it before the process ends.
  consuming func release() {
    close(descriptor)
    discard self
  }

  deinit { close(descriptor) }
}

/// Why a job, or the service, cannot work.
enum JobError: Error, CustomStringConvertible, Equatable {
  /// A lock cannot be had.
  case cannotLock(path: String, reason: String)
  /// Another service has the folder.
  case folderInUse(path: String, process: String)

  var description: String {
    switch self {
    case .cannotLock(let path, let reason): "\(path): \(reason)"
    case .folderInUse(let path, let process):
      """
      Another auditd\(process.isEmpty ? "" : " (process \(process))") serves \(path). Stop it, or give this \
      one a folder of its own.
      """
    }
  }
}
