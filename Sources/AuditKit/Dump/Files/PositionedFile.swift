import Foundation

/// An open file that is read at given places, from any thread.
///
/// Closed when it is no longer held.
package final class PositionedFile: Sendable {
  package let path: String
  /// Size when it was opened.
  package let byteCount: Int64
  private let descriptor: Int32

  /// Opens a regular file.
  ///
  /// - Throws: `OpenFailure`.
  package init(path: String) throws(OpenFailure) {
    // O_NONBLOCK: a FIFO without a writer must not hang the scan.
    descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw .system(code: errno) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      let code = errno
      close(descriptor)
      throw .system(code: code)
    }
    let kind = FileStatus(status)
    guard kind.kind == .file else {
      close(descriptor)
      throw .notAFile
    }
    self.path = path
    byteCount = kind.byteCount
  }

  deinit { close(descriptor) }

  /// Why a file did not open.
  package enum OpenFailure: Error {
    case system(code: Int32)
    case notAFile
  }

  /// Where the open file really lies, without symbolic links: what was opened, whatever its path leads to by now.
  package var realPath: String? {
    try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(descriptor)")
  }

  /// `count` bytes from `offset`; fewer only where the file ends.
  ///
  /// - Throws: `ReadFailure` with the system's errno.
  package func read(at offset: Int64, count: Int) throws(ReadFailure) -> [UInt8] {
    var failure: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: max(count, 0)) { buffer, filled in
      while filled < count, let base = buffer.baseAddress {
        let got = pread(descriptor, base + filled, count - filled, off_t(offset) + off_t(filled))
        if got > 0 {
          filled += got
        } else if got == 0 {
          break
        } else if errno != EINTR {
          failure = errno
          break
        }
      }
    }
    if failure != 0 { throw ReadFailure(code: failure) }
    return bytes
  }

  /// The system's errno for a read.
  package struct ReadFailure: Error { package let code: Int32 }
}
