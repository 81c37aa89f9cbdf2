import AuditFiles
import Foundation
import Synchronization

/// Finds out whether a folder takes files: by writing one, since a full disk shows in no other way.
final class FolderProbe: Sendable {
  private let path: String
  private let last = Mutex<(time: ContinuousClock.Instant, result: Result<Void, FileError>)?>(nil)

  /// Less than any report begins with, and more than a file system keeps in the file's own entry.
  private static let byteCount = 1 << 14
  /// Whoever asks more often gets the same answer again: everybody may ask.
  private static let validity = Duration.seconds(1)

  /// - Parameter folder: Where the file is written; it has no name that is served.
  init(folder: String) { path = "\(folder)/.\(JobStore.name).probe" }

  /// Writes, and takes away what was written.
  ///
  /// - Throws: `FileError`.
  func check() throws(FileError) {
    let result = last.withLock { last in
      if let last, ContinuousClock.now - last.time < Self.validity { return last.result }
      let result = Result { () throws(FileError) in try write() }
      last = (ContinuousClock.now, result)
      return result
    }
    try result.get()
  }

  private func write() throws(FileError) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { throw FileError("create", path, code: errno) }
    defer {
      close(descriptor)
      unlink(path)
    }
    let bytes = [UInt8](repeating: 1, count: Self.byteCount)
    let written = pwrite(descriptor, bytes, bytes.count, 0)
    guard written == bytes.count else {
      throw FileError("write", path, code: written < 0 ? errno : ENOSPC)
    }
  }
}
