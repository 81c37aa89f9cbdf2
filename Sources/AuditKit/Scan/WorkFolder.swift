import Foundation

/// What a scan keeps beside its report while it works; safe to delete when it is done.
struct WorkFolder: Sendable {
  let path: String

  init(_ request: ScanRequest) throws(ScanError) {
    path = request.workFolder ?? request.report + ".work"
    try Self.create(path)
    try Self.create(thumbnails)
  }

  /// The thumbnail caches, shared by all runs.
  var thumbnails: String { path + "/thumbnails" }

  /// A run's own folder.
  func run(_ id: Int64) throws(ScanError) -> String {
    let folder = path + "/run-\(id)"
    try Self.create(folder)
    return folder
  }

  private static func create(_ folder: String) throws(ScanError) {
    do {
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw .fileFailed(path: folder, reason: error.localizedDescription)
    }
  }
}
