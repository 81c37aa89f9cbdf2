import Foundation
import Testing

/// Where the tests find what they read.
enum Files {
  static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  static func golden(_ name: String) throws -> Data {
    try Data(contentsOf: root.appending(path: "Fixtures/golden/\(name)"))
  }

  /// CLIP's merges, which the repository does not hold.
  static let clipMerges = root.appending(path: "../shared/vocab/clip_bpe_16e6.txt.gz")
    .standardizedFileURL.path(percentEncoded: false)

  static var hasClipMerges: Bool { FileManager.default.fileExists(atPath: clipMerges) }

  static let clipMergesMissing: Comment = """
    CLIP's merges are not at \(clipMerges); they come with the open_clip_torch package
    """

  /// A folder that goes away with the closure.
  static func withFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "words-\(UUID().uuidString)", directoryHint: .isDirectory)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(folder.path(percentEncoded: false))
  }
}
