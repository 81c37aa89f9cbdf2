import AuditFiles
import Foundation

extension PositionedFile {
  /// Opens a file of a crawl; one that is compressed is unpacked into a temporary file without a name, so that it can
  /// be read at any place.
  ///
  /// Places in it count from the start of what was unpacked. Where the compressed file is damaged, what
  /// came before the damage is there, and `damage` tells of it.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - maximumByteCount: What is unpacked at most.
  ///   - temporaryFolder: Where it is unpacked: `TMPDIR`, else /var/tmp, which, unlike /tmp, is no memory disk.
  /// - Returns: The file, or what was unpacked of it.
  /// - Throws: `OpenFailure`, also where there is no room to unpack.
  package static func opening(
    _ path: String, maximumByteCount: Int64 = CrawlConfiguration().maximumUnpackedBytes,
    temporaryFolder: String = ProcessInfo.processInfo.environment["TMPDIR"] ?? "/var/tmp"
  ) throws(OpenFailure) -> PositionedFile {
    let file = try PositionedFile(path: path)
    let start: [UInt8]
    do {
      start = try file.read(at: 0, count: 4)
    } catch {
      throw .system(code: error.code)
    }
    guard let compression = Compression(startingWith: start) else { return file }
    return try file.unpacked(compression, into: temporaryFolder, maximumByteCount)
  }

  private func unpacked(
    _ compression: Compression, into folder: String, _ limit: Int64
  ) throws(OpenFailure) -> PositionedFile {
    let target = try Self.namelessFile(in: folder)
    do throws(OpenFailure) {
      let damage: DecompressionFault?
      switch compression {
      case .gzip:
        guard let source = GzipDecompressor(self) else { throw OpenFailure.system(code: ENOMEM) }
        damage = try Self.copy(source, to: target, in: folder, limit)
      case .zstd:
        guard let source = ZstdDecompressor(self) else { throw OpenFailure.system(code: ENOMEM) }
        damage = try Self.copy(source, to: target, in: folder, limit)
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
    _ source: consuming some Decompressor & ~Copyable, to target: Int32, in folder: String,
    _ limit: Int64
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
      guard write(piece, to: target) else { throw .unpacking(folder: folder, code: errno) }
    }
  }

  /// False with errno where that fails.
  private static func write(_ bytes: [UInt8], to target: Int32) -> Bool {
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes { buffer in
        Foundation.write(target, buffer.baseAddress.map { $0 + written }, buffer.count - written)
      }
      if count >= 0 {
        written += count
      } else if errno != EINTR {
        return false
      }
    }
    return true
  }

  /// A file that is gone when it is closed.
  private static func namelessFile(in folder: String) throws(OpenFailure) -> Int32 {
    var template = Array(Folder.join(folder, "audit-XXXXXX").utf8CString)
    let descriptor = mkstemp(&template)
    guard descriptor >= 0 else { throw .unpacking(folder: folder, code: errno) }
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    unlink(template)
    return descriptor
  }
}
