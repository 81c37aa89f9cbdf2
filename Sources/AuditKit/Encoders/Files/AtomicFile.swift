import Foundation

/// Writes files so that at any moment there is the old one or the whole new one.
package enum AtomicFile {
  /// Calls `body` with a new file beside `file`, then waits for the disk and renames.
  ///
  /// - Throws: `EncoderError.fileFailed`.
  package static func write(
    to file: URL, _ body: (FileHandle) throws -> Void
  ) throws(EncoderError) {
    // One name, so that what a killed process has left is overwritten by the next.
    let temporary = file.deletingLastPathComponent()
      .appendingPathComponent(".\(file.lastPathComponent).partial")
    do {
      try Data().write(to: temporary)
      let handle = try FileHandle(forWritingTo: temporary)
      try body(handle)
      try handle.synchronize()
      try handle.close()
      guard rename(temporary.path, file.path) == 0 else { throw POSIXFailure() }
    } catch {
      try? FileManager.default.removeItem(at: temporary)
      throw .fileFailed(file.path, reason: "could not be written: \(error.localizedDescription)")
    }
  }

  /// Replaces the file's contents by `data`.
  ///
  /// - Throws: `EncoderError.fileFailed`.
  package static func write(_ data: Data, to file: URL) throws(EncoderError) {
    try write(to: file) { try $0.write(contentsOf: data) }
  }
}

/// What the last system call complained of.
struct POSIXFailure: Error, LocalizedError {
  let code = errno

  var errorDescription: String? { String(cString: strerror(code)) }
}
