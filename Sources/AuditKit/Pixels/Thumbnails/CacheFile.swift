import Foundation
import Synchronization

/// An open file: positioned writes, advisory lock, durability, and a read-only map that grows with
/// the file.
final class CacheFile: Sendable {
  let path: String
  private let descriptor: Int32
  private let chunkBytes: Int
  /// Addresses of the mapped chunks, 0 for one that is not mapped yet.
  ///
  /// They stay where they are until the file is closed, so pointers into them are good for as long
  /// as this object lives.
  private let chunks = Mutex<[UInt]>([])

  /// Opens or creates the file.
  ///
  /// `chunkBytes`, a multiple of the page size, is mapped at a time.
  init(path: String, chunkBytes: Int) throws(CacheError) {
    precondition(chunkBytes > 0 && chunkBytes % CacheFile.pageBytes == 0, "chunks are whole pages")
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw .system(operation: "open", path: path, code: errno) }
    self.path = path
    self.chunkBytes = chunkBytes
  }

  deinit {
    for address in chunks.withLock({ $0 }) {
      if let start = UnsafeMutableRawPointer(bitPattern: address) { munmap(start, chunkBytes) }
    }
    close(descriptor)
  }

  /// Page sizes of all systems divide it.
  static let pageBytes = 65536

  /// The length of the file.
  func byteCount() throws(CacheError) -> Int {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw failure("look at") }
    return Int(status.st_size)
  }

  /// Runs `body` while no other process, and no other opening of the file, holds the lock.
  func withLock<Result>(
    _ body: () throws(CacheError) -> Result
  ) throws(CacheError) -> Result {
    while flock(descriptor, LOCK_EX) != 0 {
      guard errno == EINTR else { throw failure("lock") }
    }
    defer { flock(descriptor, LOCK_UN) }
    return try body()
  }

  func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(CacheError) {
    var done = 0
    while done < bytes.count {
      let written = pwrite(
        descriptor, bytes.baseAddress?.advanced(by: done), bytes.count - done,
        off_t(offset + done))
      if written < 0 {
        guard errno == EINTR else { throw failure("write") }
      } else {
        done += written
      }
    }
  }

  /// Waits until what was written is on the disk.
  func synchronize() throws(CacheError) {
    guard fdatasync(descriptor) == 0 else { throw failure("synchronize") }
  }

  /// The bytes at `offset`, which the file must have and which must lie in one chunk.
  func bytes(at offset: Int, count: Int) throws(CacheError) -> UnsafeRawBufferPointer {
    let (chunk, start) = offset.quotientAndRemainder(dividingBy: chunkBytes)
    precondition(count >= 0 && start + count <= chunkBytes, "\(count) bytes at \(offset)")
    let base = try address(ofChunk: chunk)
    return UnsafeRawBufferPointer(start: base.advanced(by: start), count: count)
  }

  private func address(ofChunk chunk: Int) throws(CacheError) -> UnsafeRawPointer {
    let address = try chunks.withLock { (chunks) throws(CacheError) -> UInt in
      while chunks.count <= chunk { chunks.append(0) }
      if chunks[chunk] == 0 { chunks[chunk] = try map(chunk) }
      return chunks[chunk]
    }
    guard let pointer = UnsafeRawPointer(bitPattern: address) else { throw failure("map") }
    return pointer
  }

  // Pages behind the end of the file may be mapped; they can be read once the file has grown.
  private func map(_ chunk: Int) throws(CacheError) -> UInt {
    guard
      let start = mmap(
        nil, chunkBytes, PROT_READ, MAP_SHARED, descriptor, off_t(chunk * chunkBytes)),
      start != MAP_FAILED
    else { throw failure("map") }
    return UInt(bitPattern: start)
  }

  private func failure(_ operation: String) -> CacheError {
    .system(operation: operation, path: path, code: errno)
  }
}
