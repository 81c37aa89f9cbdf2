import CZlib
import Synchronization

/// A body in gzip's format (RFC 1952), made piece by piece.
final class GzipStream: Sendable {
  private let deflater: Mutex<Deflater>

  /// A stream of zlib's level 1 (fast) to 9 (small); nil where zlib has no memory.
  init?(level: Int32) {
    guard let deflater = Deflater(level: level) else { return nil }
    self.deflater = Mutex(deflater)
  }

  /// What can be sent after another piece; often nothing, since zlib collects.
  func compress(_ bytes: [UInt8]) -> [UInt8] {
    deflater.withLock { $0.run(bytes, Z_NO_FLUSH) }
  }

  /// The rest.
  func finish() -> [UInt8] { deflater.withLock { $0.run([], Z_FINISH) } }

  /// A body that is there as a whole; nil where zlib has no memory.
  static func compressed(_ bytes: [UInt8], level: Int32) -> [UInt8]? {
    guard let stream = GzipStream(level: level) else { return nil }
    return stream.compress(bytes) + stream.finish()
  }
}

/// zlib's state, which must not move.
private struct Deflater: ~Copyable {
  private let stream: UnsafeMutablePointer<z_stream>

  init?(level: Int32) {
    let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    stream.initialize(to: z_stream())
    // 16 more than the largest window asks for gzip's header; 8 is zlib's own memory level.
    let started = deflateInit2_(
      stream, level, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY, zlibVersion(),
      Int32(MemoryLayout<z_stream>.size))
    guard started == Z_OK else {
      stream.deallocate()
      return nil
    }
    self.stream = stream
  }

  deinit {
    deflateEnd(stream)
    stream.deallocate()
  }

  /// What zlib counts in 32 bits.
  private static let longestPiece = 1 << 30

  func run(_ bytes: [UInt8], _ flush: Int32) -> [UInt8] {
    guard bytes.count > Self.longestPiece else { return runPiece(bytes, flush) }
    var output: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: Self.longestPiece) {
      let end = min(start + Self.longestPiece, bytes.count)
      output += runPiece(Array(bytes[start..<end]), end == bytes.count ? flush : Z_NO_FLUSH)
    }
    return output
  }

  private func runPiece(_ bytes: [UInt8], _ flush: Int32) -> [UInt8] {
    var input = bytes
    var output: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 1 << 15)
    input.withUnsafeMutableBufferPointer { input in
      stream.pointee.next_in = input.baseAddress
      stream.pointee.avail_in = UInt32(input.count)
      repeat {
        block.withUnsafeMutableBufferPointer { block in
          stream.pointee.next_out = block.baseAddress
          stream.pointee.avail_out = UInt32(block.count)
          deflate(stream, flush)
        }
        output += block.prefix(block.count - Int(stream.pointee.avail_out))
      } while stream.pointee.avail_out == 0
      stream.pointee.next_in = nil
    }
    return output
  }
}
