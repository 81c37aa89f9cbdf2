import Foundation

/// A folder that is gone when it is no longer held.
package final class TemporaryFolder: Sendable {
  /// Without symbolic links.
  package let path: String

  /// Makes a folder, in memory where that is asked for and possible: thousands of files are faster there.
  package init(inMemory: Bool = false) throws {
    let hasMemory = inMemory && FileManager.default.isWritableFile(atPath: "/dev/shm")
    let base = hasMemory ? URL(filePath: "/dev/shm") : FileManager.default.temporaryDirectory
    path = base.appending(path: "audit-\(UUID().uuidString)")
      .resolvingSymlinksInPath().path(percentEncoded: false)
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// The path of something below it.
  package func file(_ name: String) -> String { "\(path)/\(name)" }

  /// Writes a file below the folder, with the folders above it, and returns its path.
  @discardableResult
  package func write(_ name: String, _ bytes: [UInt8]) throws -> String {
    let file = URL(filePath: file(name))
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: file)
    return self.file(name)
  }

  @discardableResult
  package func write(_ name: String, _ text: String) throws -> String {
    try write(name, Array(text.utf8))
  }

  /// Lays a symbolic link below the folder, with the folders above it.
  package func link(_ name: String, to target: String) throws {
    try FileManager.default.createDirectory(
      at: URL(filePath: file(name)).deletingLastPathComponent(), withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(
      atPath: file(name), withDestinationPath: target)
  }

  /// The names in the folder, sorted.
  package var names: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }
  }
}
