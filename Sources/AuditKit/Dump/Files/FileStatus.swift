import Foundation

/// Kind and size of what lies at a path.
struct FileStatus {
  enum Kind { case file, folder, symbolicLink, other }

  let kind: Kind
  let byteCount: Int64

  /// Follows symbolic links.
  init(path: String) throws(DumpError) {
    var status = stat()
    guard stat(path, &status) == 0 else { throw Self.error(errno, path) }
    self.init(status)
  }

  /// Looks at a symbolic link itself.
  init(withoutFollowing path: String) throws(DumpError) {
    var status = stat()
    guard lstat(path, &status) == 0 else { throw Self.error(errno, path) }
    self.init(status)
  }

  init(_ status: stat) {
    kind =
      switch status.st_mode & S_IFMT {
      case S_IFREG: .file
      case S_IFDIR: .folder
      case S_IFLNK: .symbolicLink
      default: .other
      }
    byteCount = Int64(status.st_size)
  }

  private static func error(_ code: Int32, _ path: String) -> DumpError {
    code == ENOENT || code == ENOTDIR
      ? .notFound(path: path) : .unreadable(path: path, operation: "look at", code: code)
  }
}
