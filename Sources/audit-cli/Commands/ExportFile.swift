import AuditFiles
import Foundation

/// Where an export goes: standard output, or a file that appears when it is whole.
struct ExportFile: ~Copyable {
  private static let bufferSize = 1 << 16

  /// Nil for standard output.
  private var file: AtomicFile?
  /// What standard output is still to get.
  private var buffer = Data()

  /// - Throws: `CommandFailure` where the file cannot be made.
  init(path: String?) throws {
    guard let path else {
      file = nil
      return
    }
    do {
      file = try AtomicFile(path: path)
    } catch {
      throw CommandFailure(error)
    }
  }

  mutating func append(_ bytes: some Collection<UInt8>) throws {
    do throws(FileError) {
      if try file?.append(bytes) != nil { return }
    } catch {
      throw CommandFailure(error)
    }
    buffer.append(contentsOf: bytes)
    if buffer.count >= Self.bufferSize { try flush() }
  }

  /// Writes the rest and, for a file, puts it in its place.
  consuming func finish() throws {
    guard let file = file.take() else { return try flush() }
    do {
      try file.finish()
    } catch {
      throw CommandFailure(error)
    }
  }

  private mutating func flush() throws {
    do {
      try FileHandle.standardOutput.write(contentsOf: buffer)
    } catch {
      throw CommandFailure(
        "standard output cannot be written: \(error.localizedDescription)",
        remedy: "Check that the disk is not full.")
    }
    buffer.removeAll(keepingCapacity: true)
  }
}
