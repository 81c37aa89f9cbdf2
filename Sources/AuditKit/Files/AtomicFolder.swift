import Foundation

/// A folder that appears under its name when it is complete; one that was there is replaced as a whole.
///
/// Dropped before `finish`, it leaves nothing.
package struct AtomicFolder: ~Copyable {
  /// The name it will have.
  package let path: String
  /// Where its files are written meanwhile, each of them an ``AtomicFile``.
  package let temporaryPath: String

  /// Starts the folder that will be `path`; those above it are made.
  package init(path: String) throws(FileError) {
    let path = URL(fileURLWithPath: path).standardizedFileURL.path
    self.path = path
    // One name, so that what a killed process has left is overwritten by the next.
    temporaryPath = Folder.join(Folder.parent(of: path), ".\(Folder.name(of: path)).partial")
    try? FileManager.default.removeItem(atPath: temporaryPath)
    do throws(FileError) {
      try Folder.create(temporaryPath)
    } catch {
      throw FileError(error.operation, path, code: error.code)
    }
  }

  // After `finish` this is the folder that was replaced, or nothing.
  deinit { try? FileManager.default.removeItem(atPath: temporaryPath) }

  /// Gives the folder its name.
  package consuming func finish() throws(FileError) {
    guard rename(temporaryPath, path) == 0 || Self.exchange(temporaryPath, path) else {
      throw FileError("name", path, code: errno)
    }
    try Folder.synchronize(Folder.parent(of: path))
  }

  private typealias RenameAt2 =
    @convention(c) (
      Int32, UnsafePointer<CChar>, Int32, UnsafePointer<CChar>, UInt32
    ) -> Int32

  /// Lets two folders change names in one step: Linux's `renameat2` with `RENAME_EXCHANGE`, which
  /// Swift does not import.
  ///
  /// `rename` itself replaces no folder that has files.
  private static func exchange(_ new: String, _ old: String) -> Bool {
    guard errno == ENOTEMPTY || errno == EEXIST else { return false }
    guard let symbol = dlsym(dlopen(nil, RTLD_NOW), "renameat2") else { return false }
    let flagExchange: UInt32 = 2
    return unsafeBitCast(symbol, to: RenameAt2.self)(AT_FDCWD, new, AT_FDCWD, old, flagExchange)
      == 0
  }
}
