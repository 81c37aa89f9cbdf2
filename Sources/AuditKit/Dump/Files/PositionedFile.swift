import AuditFiles
import Foundation

/// An open file that is read at given places, from any thread.
///
/// Closed when it is no longer held.
package final class PositionedFile: Sendable {
  package let path: String
  /// Size when it was opened.
  package let byteCount: Int64
  /// What was wrong with the compressed file that this was unpacked from; nil where nothing was.
  let damage: DecompressionFault?
  /// Whether it is a temporary file that a compressed one was unpacked into.
  let isUnpacked: Bool
  private let descriptor: Int32
  /// Size and time when it was opened, of a compressed file where this was unpacked from one.
  let stamp: FileStamp
  /// Which file was opened, a compressed one where this was unpacked from it.
  private let device: dev_t
  private let inode: ino_t
  /// Where the compressed file lay that this was unpacked from.
  private let packedPath: String?

  /// Opens a regular file that lies where this process may read.
  ///
  /// - Throws: `OpenFailure`; a file that lies elsewhere is refused as one without permission is.
  package convenience init(path: String) throws(OpenFailure) {
    let descriptor: Int32
    do {
      descriptor = try ReadableFolders.descriptor(of: path)
    } catch {
      throw .system(code: error.code)
    }
    do {
      try self.init(descriptor: descriptor, path: path)
    } catch {
      close(descriptor)
      throw error
    }
  }

  /// Takes over the descriptor of a regular file; whoever gives it still has to close it where this throws.
  init(
    descriptor: Int32, path: String, unpackedFrom packed: PositionedFile? = nil,
    damage: DecompressionFault? = nil
  ) throws(OpenFailure) {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .system(code: errno) }
    let kind = FileStatus(status)
    guard kind.kind == .file else { throw .notAFile }
    self.descriptor = descriptor
    self.path = path
    isUnpacked = packed != nil
    packedPath = packed?.realPath
    self.damage = damage
    byteCount = kind.byteCount
    stamp = packed?.stamp ?? FileStamp(status)
    device = packed?.device ?? status.st_dev
    inode = packed?.inode ?? status.st_ino
  }

  /// Whether somebody wrote to the file since it was opened.
  var hasChanged: Bool { presentStamp != stamp }

  /// Whether its path still leads to the file that was opened, and nobody has written to that since.
  var isAtItsPath: Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_dev == device && status.st_ino == inode
      && FileStamp(status) == stamp
  }

  /// Size and time now; nil where the system does not tell.
  ///
  /// Of what was unpacked, which nobody else can reach, those of the compressed file when it was opened.
  var presentStamp: FileStamp? {
    if isUnpacked { return stamp }
    var status = stat()
    return fstat(descriptor, &status) == 0 ? FileStamp(status) : nil
  }

  deinit { close(descriptor) }

  /// Why a file did not open.
  package enum OpenFailure: Error {
    case system(code: Int32)
    case notAFile
    /// No temporary file could be written in a folder, to unpack a compressed file into it.
    case unpacking(folder: String, code: Int32)

    /// What was wrong, in words.
    package var words: String {
      switch self {
      case .system(let code): FileError.words(for: code)
      case .notAFile: "not a file"
      case .unpacking(let folder, let code):
        """
        it is compressed, and no temporary file can be written in '\(folder)' to unpack it into: \
        \(FileError.words(for: code)); set TMPDIR to a folder with room
        """
      }
    }
  }

  /// Where the open file, or the compressed one that it was unpacked from, really lies, without symbolic links: what was
  /// opened, whatever its path leads to by now.
  package var realPath: String? {
    if isUnpacked { return packedPath }
    return try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(descriptor)")
  }

  /// `count` bytes from `offset`; fewer only where the file ends.
  ///
  /// - Throws: `ReadFailure` with the system's errno.
  package func read(at offset: Int64, count: Int) throws(ReadFailure) -> [UInt8] {
    var failure: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: max(count, 0)) { buffer, filled in
      while filled < count, let base = buffer.baseAddress {
        let got = pread(descriptor, base + filled, count - filled, off_t(offset) + off_t(filled))
        if got > 0 {
          filled += got
        } else if got == 0 {
          break
        } else if errno != EINTR {
          failure = errno
          break
        }
      }
    }
    if failure != 0 { throw ReadFailure(code: failure) }
    return bytes
  }

  /// The system's errno for a read.
  package struct ReadFailure: Error { package let code: Int32 }
}
