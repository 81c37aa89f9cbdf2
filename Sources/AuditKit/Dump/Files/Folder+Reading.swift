import AuditFiles
import Foundation

/// What the readers of crawls ask of folders.
extension Folder {
  /// The names in a folder, without `.` and `..`, sorted by their bytes: the same order on every
  /// machine and in every language.
  static func names(in path: String) throws(DumpError) -> [String] {
    let found: [String]
    do {
      found = try ReadableFolders.names(in: path)
    } catch let error as FileError {
      throw .unreadable(path: path, operation: "list", code: error.code)
    } catch {
      // Foundation wraps the errno; ask the system itself for it.
      guard let folder = opendir(path) else {
        throw .unreadable(path: path, operation: "list", code: errno)
      }
      closedir(folder)
      throw .unreadable(path: path, operation: "list", code: EIO)
    }
    return found.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// The path without symbolic links; nil with errno when there is nothing.
  package static func resolved(_ path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
  }
}
