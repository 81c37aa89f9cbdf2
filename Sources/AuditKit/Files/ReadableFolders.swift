import Foundation
import Synchronization

/// The folders that this process may read its input from: everything, until somebody says otherwise.
///
/// A limit of the process and not of a reader, since a process that reads for others has one, and a reader that forgot to
/// ask for it would tell others' files. It is held against what was opened, so that a link that is laid between a look at
/// a path and its opening leads nowhere.
package enum ReadableFolders {
  private static let folders = Mutex<[String]?>(nil)

  /// Whether there is a limit.
  private static var isLimited: Bool { folders.withLock { $0 != nil } }

  /// Reads below these folders only from now on; their paths are without symbolic links.
  package static func limit(to paths: [String]) { folders.withLock { $0 = paths } }

  /// Whether the file or folder that is open at a descriptor lies in them.
  package static func contain(_ descriptor: Int32) -> Bool {
    guard let folders = folders.withLock({ $0 }) else { return true }
    guard
      let real = try? FileManager.default.destinationOfSymbolicLink(
        atPath: "/proc/self/fd/\(descriptor)")
    else { return false }
    return contain(real, in: folders)
  }

  /// Whether a path without symbolic links lies in one of some folders.
  package static func contain(_ real: String, in folders: [String]) -> Bool {
    folders.contains { $0 == "/" || real == $0 || real.hasPrefix($0 + "/") }
  }

  /// The bytes of a file of settings or the like.
  ///
  /// - Throws: What Foundation does; `FileError` where there is a limit and the file lies elsewhere.
  package static func contents(
    of path: String, options: Data.ReadingOptions = []
  ) throws -> Data {
    guard isLimited else { return try Data(contentsOf: URL(filePath: path), options: options) }
    let descriptor = try descriptor(of: path)
    defer { close(descriptor) }
    return try Data(contentsOf: URL(filePath: "/proc/self/fd/\(descriptor)"), options: options)
  }

  /// A descriptor of a file, which whoever gets it closes.
  ///
  /// - Throws: `FileError`; a file that lies elsewhere is refused as one without permission is.
  package static func descriptor(
    of path: String, _ flags: Int32 = O_RDONLY
  ) throws(FileError) -> Int32 {
    // O_NONBLOCK: a FIFO without a writer must not hang the process.
    let descriptor = open(path, flags | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw FileError("read", path, code: errno) }
    guard contain(descriptor) else {
      close(descriptor)
      throw FileError("read", path, code: EACCES)
    }
    return descriptor
  }
}
