import Foundation
import Glibc

/// Writes folders so that at any moment there is the old one or the whole new one.
enum AtomicFolder {
  /// Calls `body` with a new folder beside `folder`, then puts it in its place.
  ///
  /// - Throws: `EncoderError.fileFailed`, and what `body` throws.
  static func write(
    to folder: URL, _ body: (URL) throws(EncoderError) -> Void
  ) throws(EncoderError) {
    let files = FileManager.default
    let parent = folder.standardizedFileURL.deletingLastPathComponent()
    // One name, so that what a killed process has left is overwritten by the next.
    let temporary = parent.appendingPathComponent(".\(folder.lastPathComponent).partial")
    try? files.removeItem(at: temporary)
    defer { try? files.removeItem(at: temporary) }
    do {
      try files.createDirectory(at: temporary, withIntermediateDirectories: true)
    } catch {
      throw .fileFailed(folder.path, reason: error.localizedDescription)
    }
    try body(temporary)
    guard rename(temporary.path, folder.path) == 0 || exchange(temporary.path, folder.path) else {
      throw .fileFailed(
        folder.path, reason: "could not be put in place: \(POSIXFailure().localizedDescription)")
    }
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
