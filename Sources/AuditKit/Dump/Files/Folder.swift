import Foundation

/// Names and paths of folders.
enum Folder {
  /// The names in a folder, without `.` and `..`, sorted by their bytes: the same order on every
  /// machine and in every language.
  static func names(in path: String) throws(DumpError) -> [String] {
    let found: [String]
    do {
      found = try FileManager.default.contentsOfDirectory(atPath: path)
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

  /// Makes the folder and those above it; does nothing where it is there.
  static func create(_ path: String) throws(DumpError) {
    if mkdir(path, 0o755) == 0 { return }
    if errno == ENOENT, path.contains("/"), path != "/" {
      try create(parent(of: path))
      if mkdir(path, 0o755) == 0 { return }
    }
    let code = errno
    guard code == EEXIST, (try? FileStatus(path: path))?.kind == .folder else {
      throw .unwritable(path: path, operation: "create the folder", code: code)
    }
  }

  static func join(_ folder: String, _ name: String) -> String {
    folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
  }

  /// The folder part of a path; `.` for a bare name.
  static func parent(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// The path without folders.
  static func name(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return path }
    return String(path[path.index(after: slash)...])
  }

  /// The path without symbolic links; nil with errno when there is nothing.
  static func resolved(_ path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
  }
}
