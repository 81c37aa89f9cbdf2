import AuditFiles
import CZlib

/// Reads gzip: the members one after another, and zeros between and behind them, as tapes have them.
///
/// `inflate` and not `gzread`, which takes a damaged later member for something that need not be read.
struct GzipDecompressor: Decompressor, ~Copyable {
  private let file: PositionedFile
  /// Allocated, since zlib's state points back to it.
  private let stream: UnsafeMutablePointer<z_stream>
  private var position: Int64 = 0
  private var input: [UInt8] = []
  private var consumed = 0
  private var isInsideMember = true
  private var output = [UInt8](repeating: 0, count: 1 << 18)
  /// What came with the last piece.
  private var fault: DecompressionFault?

  private static let inputBytes = 1 << 17
  /// The largest window, and the format of gzip.
  private static let windowBits: Int32 = 15 + 16

  /// Nil where the library has no memory.
  init?(_ file: PositionedFile) {
    let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    stream.initialize(to: z_stream())
    let size = Int32(MemoryLayout<z_stream>.size)
    guard inflateInit2_(stream, Self.windowBits, ZLIB_VERSION, size) == Z_OK else {
      stream.deallocate()
      return nil
    }
    self.file = file
    self.stream = stream
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
  }

  mutating func next() throws(DecompressionFault) -> [UInt8] {
    while true {
      if let fault { throw fault }
      if !isInsideMember {
        while consumed < input.count, input[consumed] == 0 { consumed += 1 }
      }
      if consumed == input.count {
        input = try read()
        consumed = 0
        guard input.isEmpty else { continue }
        guard !isInsideMember else {
          throw DecompressionFault(kind: .truncated, message: "the gzip stream ends too early")
        }
        return []
      }
      if !isInsideMember {
        inflateReset(stream)
        isInsideMember = true
      }
      let made = step()
      if made > 0 { return Array(output.prefix(made)) }
    }
  }

  private mutating func read() throws(DecompressionFault) -> [UInt8] {
    do {
      let bytes = try file.read(at: position, count: Self.inputBytes)
      position += Int64(bytes.count)
      return bytes
    } catch {
      throw DecompressionFault(kind: .unreadable, message: FileError.words(for: error.code))
    }
  }

  /// Decompresses what fits into the output; the number of bytes that came.
  private mutating func step() -> Int {
    let (stream, start) = (stream, consumed)
    var (used, made, status) = (0, 0, Z_OK)
    input.withUnsafeMutableBufferPointer { source in
      output.withUnsafeMutableBufferPointer { target in
        stream.pointee.next_in = source.baseAddress.map { $0 + start }
        stream.pointee.avail_in = UInt32(source.count - start)
        stream.pointee.next_out = target.baseAddress
        stream.pointee.avail_out = UInt32(target.count)
        status = inflate(stream, Z_NO_FLUSH)
        used = source.count - start - Int(stream.pointee.avail_in)
        made = target.count - Int(stream.pointee.avail_out)
      }
    }
    consumed += used
    switch status {
    case Z_OK: break
    case Z_STREAM_END: isInsideMember = false
    default:
      let words = stream.pointee.msg.map { String(cString: $0) } ?? "error \(status)"
      let place = position - Int64(input.count - consumed)
      fault = DecompressionFault(
        kind: .corrupt, message: "the gzip stream at byte \(place) of the file: \(words)")
    }
    return made
  }
}
