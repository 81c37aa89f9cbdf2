/// Why the service cannot have its folder.
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
