import AuditDump
import AuditFiles
import AuditKit
import Foundation

/// The folders below which the service reads crawls and images, and nowhere else.
///
/// What is submitted is looked at here, to tell at once what cannot work. What keeps a scan within them is
/// `ReadableFolders` in its process: links may be laid after a look.
struct CrawlRoots: Sendable {
  /// Without symbolic links.
  let roots: [String]

  /// - Throws: `ServiceError` for a root that is no folder.
  init(_ paths: [String]) throws(ServiceError) {
    var roots: [String] = []
    for path in paths {
      guard let real = Self.real(path), Self.isReadableFolder(real) else {
        throw .noCrawlRoot(path: path)
      }
      roots.append(real)
    }
    self.roots = roots
  }

  /// The path without symbolic links, if it is there and below a root.
  ///
  /// - Throws: `Problem`.
  func confined(_ path: String, what: String) throws(Problem) -> String {
    guard !roots.isEmpty else {
      throw Problem(
        .forbidden, "The service was started without --crawl-root, so it takes no crawls.")
    }
    guard path.hasPrefix("/") else {
      throw Problem(.invalidBody, "\(what) must be an absolute path.")
    }
    // One answer for what is not there and for what lies elsewhere: the service does not tell what there is.
    guard let real = Self.real(path), contains(real) else {
      throw Problem(
        .forbidden, "\(what) is not there, or not below one of the service's crawl roots.")
    }
    return real
  }

  /// Whether a path without symbolic links lies below a root.
  func contains(_ real: String) -> Bool { ReadableFolders.contain(real, in: roots) }

  /// Whether what a path leads to now lies below a root.
  func containTarget(of path: String) -> Bool { Self.real(path).map(contains) ?? false }

  /// What a scan may read: the roots, and WordNet where the system has it.
  var readable: [String] {
    let setting = Setting.named("textAugmentation.wordNetFolder")
    guard let setting, case .text(let path) = ConfigurationDocument().value(of: setting),
      let real = Self.real(path)
    else { return roots }
    return roots + [real]
  }

  /// Refuses settings that lead the scan to files outside of the roots.
  ///
  /// - Throws: `Problem`.
  func check(_ document: ConfigurationDocument) throws(Problem) {
    for name in ["crawl.imageRoot", "tokenizer.mergesPath", "textAugmentation.wordNetFolder"]
    where document.explicitNames.contains(name) {
      guard let setting = Setting.named(name), case .text(let path) = document.value(of: setting)
      else { continue }
      _ = try confined(path, what: "The setting \(name)")
    }
    for name in ["preset", "trusted"] where document.explicitNames.contains(name) {
      guard let setting = Setting.named(name), case .text(let path) = document.value(of: setting),
        path.contains("/") || path.hasSuffix(".json") || path.hasSuffix(".txt")
      else { continue }
      _ = try confined(path, what: "The setting \(name)")
    }
  }

  private static func isReadableFolder(_ path: String) -> Bool {
    Folder.isFolder(path) && Foundation.access(path, R_OK | X_OK) == 0
  }

  private static func real(_ path: String) -> String? {
    path.utf8.contains(0) ? nil : Folder.resolved(path)
  }
}
