import Foundation

/// A file that appears under its name when it is complete: written beside it, synchronised, renamed.
///
/// Dropped before `finish`, it leaves nothing.
struct AtomicFile: ~Copyable {
  let path: String
  private let temporaryPath: String
  private let descriptor: Int32
  private var buffer: [UInt8] = []

  private static let bufferBytes = 1 << 18

  init(path: String) throws(DumpError) {
    self.path = path
    let folder = Folder.parent(of: path)
    // Any name that no other writer takes, in this process or another.
    let unique = String(UInt64.random(in: .min ... .max), radix: 36)
    temporaryPath = Folder.join(folder, ".\(Folder.name(of: path)).\(unique).partial")
    descriptor = open(temporaryPath, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw .unwritable(path: path, operation: "create", code: errno)
    }
  }

  deinit {
    close(descriptor)
    // After `finish` there is no such file any more.
    unlink(temporaryPath)
  }

  mutating func append(_ bytes: some Collection<UInt8>) throws(DumpError) {
    buffer.append(contentsOf: bytes)
    if buffer.count >= Self.bufferBytes { try flush() }
  }

  /// Writes what is buffered, makes it durable, and gives the file its name.
  consuming func finish() throws(DumpError) {
    try flush()
    guard fsync(descriptor) == 0 else {
      throw .unwritable(path: path, operation: "write", code: errno)
    }
    guard rename(temporaryPath, path) == 0 else {
      throw .unwritable(path: path, operation: "name", code: errno)
    }
  }

  private mutating func flush() throws(DumpError) {
    var code: Int32 = 0
    buffer.withUnsafeBytes { bytes in
      var written = 0
      while written < bytes.count, let base = bytes.baseAddress {
        let count = write(descriptor, base + written, bytes.count - written)
        if count >= 0 {
          written += count
        } else if errno != EINTR {
          code = errno
          return
        }
      }
    }
    if code != 0 { throw .unwritable(path: path, operation: "write", code: code) }
    buffer.removeAll(keepingCapacity: true)
  }
}
