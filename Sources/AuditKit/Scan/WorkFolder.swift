import AuditFiles
import Foundation

/// What a scan keeps beside its report while it works; safe to delete when it is done.
struct WorkFolder: Sendable {
  let path: String

  init(_ request: ScanRequest) throws(ScanError) {
    try self.init(path: request.workFolder ?? request.report + ".work")
  }

  init(path: String) throws(ScanError) {
    self.path = path
    try Self.create(path)
    try Self.create(thumbnails)
  }

  /// The thumbnail caches, shared by all runs.
  var thumbnails: String { path + "/thumbnails" }

  /// A run's own folder, which no run of another configuration or crawl shares, even from another report;
  /// empty where the run is new.
  func run(_ id: Int64, fingerprint: String, isNew: Bool) throws -> String {
    let folder = path + "/run-\(id)-\(fingerprint.prefix(12))"
    if isNew, FileManager.default.fileExists(atPath: folder) {
      try FileManager.default.removeItem(atPath: folder)
    }
    try Self.create(folder)
    return folder
  }

  private static func create(_ folder: String) throws(ScanError) {
    do {
      try Folder.create(folder)
    } catch {
      throw ScanError(error)
    }
  }
}
