import Foundation

/// Folders, and the names in paths.
package enum Folder {
  /// Makes the folder and those above it; does nothing where it is there.
  package static func create(_ path: String) throws(FileError) {
    if mkdir(path, 0o777) == 0 { return }
    if errno == ENOENT, path.contains("/"), path != "/" {
      try create(parent(of: path))
      if mkdir(path, 0o777) == 0 { return }
    }
    let code = errno
    guard code == EEXIST, isFolder(path) else {
      throw FileError("create the folder", path, code: code)
    }
  }

  /// Waits until the folder's names are on the disk: a file's name is part of its folder, so a synchronised
  /// file can still lose its name.
  package static func synchronize(_ path: String) throws(FileError) {
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    // Names can be given in a folder that may not be read; there the system decides when.
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    // EINVAL: a file system that keeps no folders on a disk.
    guard fsync(descriptor) == 0 || errno == EINVAL else {
      throw FileError("synchronize", path, code: errno)
    }
  }

  package static func join(_ folder: String, _ name: String) -> String {
    folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
  }

  /// The folder part of a path; `.` for a bare name.
  package static func parent(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// The path without folders.
  package static func name(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return path }
    return String(path[path.index(after: slash)...])
  }

  /// Whether there is a folder, or a link to one.
  package static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }
}
