import CZlib
import Foundation

/// Small files, whole: read plain or compressed, written at once or not at all.
enum GzipFile {
  /// No vocabulary is larger; a compressed file may claim anything.
  static let largestContent = 1 << 28

  /// The content of a file, decompressed if it is gzip.
  static func read(_ path: String) throws(WordsError) -> [UInt8] {
    guard let file = gzopen(path, "rb") else {
      throw .file(path: path, reason: "cannot be opened (\(String(cString: strerror(errno))))")
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

  /// Writes to a file beside it and renames, so that a reader sees the old content or the new.
  static func write(_ content: [UInt8], to path: String, compressed: Bool) throws(WordsError) {
    let unfinished = "\(path).\(UInt64.random(in: .min ... .max)).unfinished"
    // "T" writes the bytes as they are.
    guard let file = gzopen(unfinished, compressed ? "wb9" : "wbT") else {
      throw .file(path: path, reason: "cannot be created (\(String(cString: strerror(errno))))")
    }
    let written = content.isEmpty ? 0 : gzwrite(file, content, UInt32(content.count))
    let closed = gzclose(file)
    guard Int(written) == content.count, closed == Z_OK, rename(unfinished, path) == 0 else {
      let reason = String(cString: strerror(errno))
      unlink(unfinished)
      throw .file(path: path, reason: "cannot be written (\(reason))")
    }
  }
}
