import Foundation

/// A folder that is gone when it is no longer held.
final class TemporaryFolder: Sendable {
  let path: String

  init() throws {
    let name = "audit-dump-\(UInt64.random(in: .min ... .max))"
    // Thousands of mutated files: in memory where that is possible.
    let isInMemory = FileManager.default.isWritableFile(atPath: "/dev/shm")
    let base =
      isInMemory ? URL(filePath: "/dev/shm") : FileManager.default.temporaryDirectory
    path = base.appending(path: name)
      .resolvingSymlinksInPath().path(percentEncoded: false)
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Writes a file below the folder, with the folders above it, and returns its path.
  @discardableResult
  func write(_ name: String, _ bytes: [UInt8]) throws -> String {
    let file = "\(path)/\(name)"
    let folder = URL(filePath: file).deletingLastPathComponent().path(percentEncoded: false)
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try Data(bytes).write(to: URL(filePath: file))
    return file
  }

  @discardableResult
  func write(_ name: String, _ text: String) throws -> String { try write(name, Array(text.utf8)) }

  func link(_ name: String, to target: String) throws {
    try FileManager.default.createSymbolicLink(
      atPath: "\(path)/\(name)", withDestinationPath: target)
  }

  var names: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }
  }
}
