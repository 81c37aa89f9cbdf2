import AuditFiles
import CZlib
import Foundation

/// Small files, whole: read plain or compressed, written at once or not at all.
enum GzipFile {
  /// No vocabulary is larger; a compressed file may claim anything.
  static let largestContent = 1 << 28

  /// The content of a file, decompressed if it is gzip.
  static func read(_ path: String) throws(WordsError) -> [UInt8] {
    let descriptor: Int32
    do {
      descriptor = try ReadableFolders.descriptor(of: path)
    } catch {
      throw .file(path: path, reason: "cannot be opened (\(FileError.words(for: error.code)))")
    }
    guard let file = gzdopen(descriptor, "rb") else {
      close(descriptor)
      throw .file(path: path, reason: "cannot be opened (there is no memory)")
    }
    defer { gzclose(file) }
    var content: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = gzread(file, &block, UInt32(block.count))
      var code: Int32 = Z_OK
      let message = String(cString: gzerror(file, &code))
      // A file that ends too early gives its data and Z_BUF_ERROR.
      guard count >= 0, code == Z_OK || code == Z_STREAM_END else {
        throw .file(path: path, reason: "cannot be read (\(message))")
      }
      content += block[..<Int(count)]
      guard content.count <= largestContent else {
        throw .file(path: path, reason: "holds more than \(largestContent >> 20) MiB")
      }
      if count == 0 { return content }
    }
  }

  /// Replaces a file, so that a reader sees the old content or the new.
  static func write(_ content: [UInt8], to path: String, compressed: Bool) throws(WordsError) {
    do {
      try AtomicFile.write(compressed ? self.compressed(content) : content, to: path)
    } catch {
      throw .file(path: path, reason: "cannot \(error.operation): \(error.cause)")
    }
  }

  /// The content as a gzip file without a name or a time, so that the same content gives the same bytes.
  static func compressed(_ content: [UInt8]) -> [UInt8] {
    var stream = z_stream()
    // 16 more than the largest window asks for gzip's header; 8 is zlib's own memory level.
    let started = deflateInit2_(
      &stream, Z_BEST_COMPRESSION, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY, zlibVersion(),
      Int32(MemoryLayout<z_stream>.size))
    precondition(started == Z_OK, "zlib refuses its own constants")
    defer { deflateEnd(&stream) }
    var input = content
    return [UInt8](unsafeUninitializedCapacity: Int(deflateBound(&stream, UInt(content.count)))) {
      output, count in
      input.withUnsafeMutableBufferPointer { input in
        stream.next_in = input.baseAddress
        stream.avail_in = UInt32(input.count)
        stream.next_out = output.baseAddress
        stream.avail_out = UInt32(output.count)
        // The bound holds everything, so one call does all.
        let ended = deflate(&stream, Z_FINISH)
        precondition(ended == Z_STREAM_END, "deflateBound() was no bound")
        count = Int(stream.total_out)
      }
    }
  }
}
