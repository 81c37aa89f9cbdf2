import Foundation
import Testing
import TestSupport

/// Where the tests find what they read.
enum Files {
  /// CLIP's merges, which the repository does not hold.
  static let clipMerges = Repository.shared("vocab/clip_bpe_16e6.txt.gz")

  static var hasClipMerges: Bool { FileManager.default.fileExists(atPath: clipMerges) }

  static let clipMergesMissing: Comment = """
    CLIP's merges are not at \(clipMerges); they come with the open_clip_torch package
    """

  /// A folder that goes away with the closure.
  static func withFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
    let folder = try TemporaryFolder()
    return try withExtendedLifetime(folder) { try body(folder.path + "/") }
  }
}
