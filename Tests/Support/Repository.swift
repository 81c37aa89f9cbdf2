import Foundation

/// What tests read of the repository they stand in.
package enum Repository {
  /// Its own folder.
  package static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// A file or folder of `Fixtures`.
  package static func fixture(_ name: String) -> URL { root.appending(path: "Fixtures/\(name)") }

  /// A file of `Fixtures/golden`: what well-known implementations made.
  package static func golden(_ name: String) -> URL { fixture("golden/\(name)") }

  /// The path of a crawl of `Fixtures/crawls`.
  package static func crawl(_ name: String) -> String {
    fixture("crawls/\(name)").path(percentEncoded: false)
  }

  /// The path of something beside the repository that only some machines have.
  package static func shared(_ name: String) -> String {
    root.appending(path: "../shared/\(name)").standardizedFileURL.path(percentEncoded: false)
  }
}
