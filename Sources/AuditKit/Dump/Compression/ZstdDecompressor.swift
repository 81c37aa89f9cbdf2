import AuditFiles
import CZstd

/// Reads zstd.
struct ZstdDecompressor: Decompressor, ~Copyable {
  private let file: PositionedFile
  private let stream: OpaquePointer
  private var position: Int64 = 0
  private var input: [UInt8] = []
  private var consumed = 0
  /// What the last call said of the frame: 0 between two frames.
  private var rest = 0
  private var output: [UInt8]

  /// A window beyond this is refused: 128 MiB, what `zstd --long=27` uses and the library's own default.
  private static let windowLog: Int32 = 27

  /// Nil where the library has no memory.
  init?(_ file: PositionedFile) {
    guard let stream = ZSTD_createDStream() else { return nil }
    ZSTD_DCtx_setParameter(stream, ZSTD_d_windowLogMax, Self.windowLog)
    self.file = file
    self.stream = stream
    output = [UInt8](repeating: 0, count: ZSTD_DStreamOutSize())
  }

  deinit { ZSTD_freeDStream(stream) }

  mutating func next() throws(DecompressionFault) -> [UInt8] {
    while true {
      if consumed == input.count {
        input = try read()
        consumed = 0
        if input.isEmpty {
          guard rest == 0 else {
            throw DecompressionFault(kind: .truncated, message: "the zstd stream ends too early")
          }
          return []
        }
      }
      let made = try step()
      if made > 0 { return Array(output.prefix(made)) }
    }
  }

  private mutating func read() throws(DecompressionFault) -> [UInt8] {
    do {
      let bytes = try file.read(at: position, count: ZSTD_DStreamInSize())
      position += Int64(bytes.count)
      return bytes
    } catch {
      throw DecompressionFault(kind: .unreadable, message: FileError.words(for: error.code))
    }
  }

  /// Decompresses what fits into the output; the number of bytes that came.
  private mutating func step() throws(DecompressionFault) -> Int {
    let (stream, start) = (stream, consumed)
    var (used, made, status) = (0, 0, 0)
    input.withUnsafeBytes { source in
      output.withUnsafeMutableBytes { target in
        var from = ZSTD_inBuffer(src: source.baseAddress, size: source.count, pos: start)
        var to = ZSTD_outBuffer(dst: target.baseAddress, size: target.count, pos: 0)
        status = ZSTD_decompressStream(stream, &to, &from)
        (used, made) = (from.pos, to.pos)
      }
    }
    guard ZSTD_isError(status) == 0 else {
      let name = String(cString: ZSTD_getErrorName(status))
      throw DecompressionFault(kind: .corrupt, message: "the zstd stream: \(name)")
    }
    consumed = used
    rest = status
    return made
  }
}
