import Synchronization

/// A body that is sent many times: it is compressed once, for the first client that takes it so.
public final class KeptBody: Sendable {
  /// The bytes as they are.
  public let bytes: [UInt8]
  private let compressed = Mutex<[UInt8]?>(nil)

  /// A body to keep.
  public init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// The bytes in gzip's format, of zlib's level; nil where zlib has no memory.
  func compressed(level: Int32) -> [UInt8]? {
    compressed.withLock { kept in
      if let kept { return kept }
      let made = GzipStream.compressed(bytes, level: level)
      kept = made
      return made
    }
  }
}
