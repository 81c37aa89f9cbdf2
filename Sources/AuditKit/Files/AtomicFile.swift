import Foundation

/// A file that appears under its name when it is complete: written beside it, synchronised, renamed.
///
/// At any moment there is the old file or the whole new one, also after a power failure. Dropped before
/// `finish`, it leaves nothing; what a killed process leaves, the next one writes over.
package struct AtomicFile: ~Copyable {
  /// The name it will have.
  package let path: String
  private let temporaryPath: String
  private let descriptor: Int32
  private var buffer: [UInt8] = []
  private var isNamed = false

  private static let bufferBytes = 1 << 18

  /// Starts the file that will be `path`.
  ///
  /// - Throws: `FileError`, with the code `EWOULDBLOCK` while another one writes it.
  package init(path: String) throws(FileError) {
    self.path = path
    // One name, so that leftovers do not gather.
    temporaryPath = Folder.join(Folder.parent(of: path), ".\(Folder.name(of: path)).partial")
    descriptor = try Self.claim(temporaryPath, for: path)
  }

  deinit {
    // Before the lock goes with the descriptor: afterwards the name may be another writer's.
    if !isNamed { unlink(temporaryPath) }
    close(descriptor)
  }

  /// Adds bytes at the end.
  package mutating func append(_ bytes: some Collection<UInt8>) throws(FileError) {
    if buffer.count + bytes.count > Self.bufferBytes { try flush() }
    if bytes.count < Self.bufferBytes {
      buffer.append(contentsOf: bytes)
      return
    }
    let direct = bytes.withContiguousStorageIfAvailable { bytes in
      Self.write(UnsafeRawBufferPointer(bytes), to: descriptor)
    }
    try check(direct ?? Array(bytes).withUnsafeBytes { Self.write($0, to: descriptor) })
  }

  /// Writes bytes at a place of its own; what is appended does not move.
  package mutating func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(FileError) {
    try flush()
    try check(Self.write(bytes, to: descriptor, at: offset))
  }

  /// Writes what is buffered, makes it durable, and gives the file its name.
  package consuming func finish() throws(FileError) {
    try flush()
    guard fsync(descriptor) == 0 else { throw FileError("write", path, code: errno) }
    guard rename(temporaryPath, path) == 0 else { throw FileError("name", path, code: errno) }
    isNamed = true
    try Folder.synchronize(Folder.parent(of: path))
  }

  /// Replaces the contents of the file at `path`.
  package static func write(_ bytes: some Collection<UInt8>, to path: String) throws(FileError) {
    var file = try AtomicFile(path: path)
    try file.append(bytes)
    try file.finish()
  }

  private mutating func flush() throws(FileError) {
    try check(buffer.withUnsafeBytes { Self.write($0, to: descriptor) })
    buffer.removeAll(keepingCapacity: true)
  }

  private func check(_ code: Int32) throws(FileError) {
    if code != 0 { throw FileError("write", path, code: code) }
  }
}

extension AtomicFile {
  /// Opens the file beside for this writer alone.
  ///
  /// The lock goes with the descriptor, also when the process is killed.
  private static func claim(_ temporaryPath: String, for path: String) throws(FileError) -> Int32 {
    while true {
      let descriptor = open(temporaryPath, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o666)
      guard descriptor >= 0 else { throw FileError("create", path, code: errno) }
      // File systems without locks refuse with other codes.
      if flock(descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK {
        close(descriptor)
        throw FileError("create", path, code: EWOULDBLOCK)
      }
      guard names(temporaryPath, descriptor) else {
        // Its writer has finished between the two calls.
        close(descriptor)
        continue
      }
      guard ftruncate(descriptor, 0) == 0 else {
        let code = errno
        close(descriptor)
        throw FileError("create", path, code: code)
      }
      return descriptor
    }
  }

  /// Whether a path still leads to an open file.
  private static func names(_ path: String, _ descriptor: Int32) -> Bool {
    var named = stat()
    var opened = stat()
    return lstat(path, &named) == 0 && fstat(descriptor, &opened) == 0
      && named.st_ino == opened.st_ino && named.st_dev == opened.st_dev
  }

  /// Writes all bytes, behind the last ones or at `offset`; 0 or the errno.
  private static func write(
    _ bytes: UnsafeRawBufferPointer, to descriptor: Int32, at offset: Int? = nil
  ) -> Int32 {
    var written = 0
    while written < bytes.count, let base = bytes.baseAddress {
      let (start, rest) = (base + written, bytes.count - written)
      let count =
        if let offset {
          pwrite(descriptor, start, rest, off_t(offset + written))
        } else {
          Glibc.write(descriptor, start, rest)
        }
      if count >= 0 {
        written += count
      } else if errno != EINTR {
        return errno
      }
    }
    return 0
  }
}
