import AuditFiles
import CZlib
import Foundation

/// Reads gzip.
struct GzipDecompressor: Decompressor, ~Copyable {
  private let file: gzFile
  private var block = [UInt8](repeating: 0, count: 1 << 18)

  /// Takes the descriptor over and closes it in the end; nil where zlib has no memory.
  init?(descriptor: Int32) {
    guard let file = gzdopen(descriptor, "rb") else { return nil }
    gzbuffer(file, 1 << 17)
    self.file = file
  }

  deinit { gzclose(file) }

  mutating func next() throws(DecompressionFault) -> [UInt8] {
    let count = gzread(file, &block, UInt32(block.count))
    if count > 0 { return Array(block.prefix(Int(count))) }
    var code: Int32 = Z_OK
    let message = String(cString: gzerror(file, &code))
    switch code {
    case Z_OK, Z_STREAM_END: return []
    // What a file that ends too early gives after its data.
    case Z_BUF_ERROR:
      throw DecompressionFault(kind: .truncated, message: "the gzip stream ends too early")
    case Z_ERRNO:
      throw DecompressionFault(kind: .unreadable, message: FileError.words(for: errno))
    default: throw DecompressionFault(kind: .corrupt, message: "the gzip stream: \(message)")
    }
  }
}
