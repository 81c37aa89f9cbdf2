import Foundation

/// Where an export goes: standard output, or a file that appears when it is whole.
final class ExportFile {
  private static let bufferSize = 1 << 16

  private let path: String?
  private let temporary: String
  private let handle: FileHandle
  private var buffer = Data()
  private var isFinished = false

  /// - Throws: `CommandFailure` where the file cannot be made.
  init(path: String?) throws {
    self.path = path
    guard let path else {
      temporary = ""
      handle = .standardOutput
      return
    }
    temporary = "\(path).\(getpid()).part"
    guard FileManager.default.createFile(atPath: temporary, contents: nil),
      let handle = FileHandle(forWritingAtPath: temporary)
    else {
      throw CommandFailure(
        "\(path) cannot be written: \(String(cString: strerror(errno))).",
        remedy: "Check that its folder exists and that you may write there.")
    }
    self.handle = handle
  }

  deinit {
    if !isFinished, path != nil { unlink(temporary) }
  }

  func append(_ text: String) throws {
    buffer.append(contentsOf: text.utf8)
    if buffer.count >= Self.bufferSize { try flush() }
  }

  /// Writes the rest and, for a file, puts it in its place.
  func finish() throws {
    try flush()
    guard let path else { return }
    try handle.synchronize()
    try handle.close()
    guard rename(temporary, path) == 0 else {
      throw CommandFailure("\(path) cannot be written: \(String(cString: strerror(errno))).")
    }
    isFinished = true
  }

  private func flush() throws {
    do {
      try handle.write(contentsOf: buffer)
    } catch {
      throw CommandFailure(
        "\(path ?? "standard output") cannot be written: \(error.localizedDescription)",
        remedy: "Check that the disk is not full.")
    }
    buffer.removeAll(keepingCapacity: true)
  }
}
