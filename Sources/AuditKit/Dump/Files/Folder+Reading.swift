import AuditFiles
import Foundation

/// What the readers of crawls ask of folders.
extension Folder {
  /// The names in a folder, without `.` and `..`, sorted by their bytes: the same order on every
  /// machine and in every language.
  static func names(in path: String) throws(DumpError) -> [String] {
    try listing(of: path).names
  }

  /// The same, and beside them the names that are not UTF-8, as far as they can be shown: no `String` leads to those.
  static func listing(
    of path: String
  ) throws(DumpError) -> (names: [String], unreadable: [String]) {
    let descriptor: Int32
    do throws(FileError) {
      descriptor = try ReadableFolders.descriptor(of: path, O_RDONLY | O_DIRECTORY)
    } catch {
      throw .unreadable(path: path, operation: "list", code: error.code)
    }
    guard let folder = fdopendir(descriptor) else {
      let code = errno
      close(descriptor)
      throw .unreadable(path: path, operation: "list", code: code)
    }
    defer { closedir(folder) }
    var (names, unreadable) = ([String](), [String]())
    while true {
      errno = 0
      guard let entry = readdir(folder) else {
        guard errno == 0 else { throw .unreadable(path: path, operation: "list", code: errno) }
        break
      }
      let bytes = withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
      guard let name = String(validating: bytes, as: UTF8.self) else {
        unreadable.append(String(decoding: bytes, as: UTF8.self))
        continue
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return (names.sorted(by: precedes), unreadable.sorted(by: precedes))
  }

  private static func precedes(_ left: String, _ right: String) -> Bool {
    left.utf8.lexicographicallyPrecedes(right.utf8)
  }

  /// The path without symbolic links; nil with errno when there is nothing.
  package static func resolved(_ path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
  }
}
