import AuditFiles
import Foundation

extension PositionedFile {
  /// Opens a file of a crawl; one that is compressed is unpacked into a temporary file without a name, so that it can
  /// be read at any place.
  ///
  /// Places in it count from the start of what was unpacked. Where the compressed file is damaged, what
  /// came before the damage is there, and `damage` tells of it.
  /// - Throws: `OpenFailure`, also where there is no room to unpack.
  package static func opening(
    _ path: String, maximumByteCount: Int64 = CrawlConfiguration().maximumUnpackedBytes
  ) throws(OpenFailure) -> PositionedFile {
    let file = try PositionedFile(path: path)
    let start: [UInt8]
    do {
      start = try file.read(at: 0, count: 4)
    } catch {
      throw .system(code: error.code)
    }
    guard let compression = Compression(startingWith: start) else { return file }
    return try file.unpacked(compression, maximumByteCount)
  }

  private func unpacked(
    _ compression: Compression, _ limit: Int64
  ) throws(OpenFailure) -> PositionedFile {
    let target = try Self.namelessFile()
    do throws(OpenFailure) {
      let damage: DecompressionFault?
      switch compression {
      case .gzip:
        guard let own = duplicate(), let source = GzipDecompressor(descriptor: own) else {
          throw OpenFailure.system(code: ENOMEM)
        }
        damage = try Self.copy(source, to: target, limit)
      case .zstd:
        guard let source = ZstdDecompressor(self) else { throw OpenFailure.system(code: ENOMEM) }
        damage = try Self.copy(source, to: target, limit)
      }
      return try PositionedFile(
        descriptor: target, path: path, unpackedFrom: self, damage: damage)
    } catch {
      close(target)
      throw error
    }
  }

  /// Copies all that comes; what stopped it.
  private static func copy(
    _ source: consuming some Decompressor & ~Copyable, to target: Int32, _ limit: Int64
  ) throws(OpenFailure) -> DecompressionFault? {
    var byteCount: Int64 = 0
    while true {
      let piece: [UInt8]
      do {
        piece = try source.next()
      } catch {
        return error
      }
      if piece.isEmpty { return nil }
      byteCount += Int64(piece.count)
      guard byteCount <= limit else {
        return DecompressionFault(
          kind: .tooLarge,
          message: "it unpacks to more than \(limit) bytes (setting maximumUnpackedBytes)")
      }
      try write(piece, to: target)
    }
  }

  private static func write(_ bytes: [UInt8], to target: Int32) throws(OpenFailure) {
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes { buffer in
        Foundation.write(target, buffer.baseAddress.map { $0 + written }, buffer.count - written)
      }
      if count >= 0 {
        written += count
      } else if errno != EINTR {
        throw .system(code: errno)
      }
    }
  }

  /// A file in `TMPDIR`, else /var/tmp (which, unlike /tmp, is no memory disk), that is gone when it is closed.
  private static func namelessFile() throws(OpenFailure) -> Int32 {
    let folder = ProcessInfo.processInfo.environment["TMPDIR"] ?? "/var/tmp"
    var template = Array(Folder.join(folder, "audit-XXXXXX").utf8CString)
    let descriptor = mkstemp(&template)
    guard descriptor >= 0 else { throw .system(code: errno) }
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    unlink(template)
    return descriptor
  }
}
