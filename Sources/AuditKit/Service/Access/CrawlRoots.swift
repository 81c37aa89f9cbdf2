import AuditDump
import AuditFiles
import AuditKit
import Foundation

/// The folders below which the service reads crawls and images, and nowhere else.
struct CrawlRoots: Sendable {
  private let roots: [String]

  /// - Throws: `ServiceError` for a root that is no folder.
  init(_ paths: [String]) throws(ServiceError) {
    var roots: [String] = []
    for path in paths {
      guard let real = Self.real(path) else { throw .noCrawlRoot(path: path) }
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

  /// The path of a crawl without symbolic links; what a folder holds must not lead out of the roots either.
  ///
  /// The readers keep images inside their crawl by themselves; shards and caption files are opened as they are named.
  /// - Throws: `Problem`.
  func crawl(_ path: String, what: String) throws(Problem) -> String {
    let real = try confined(path, what: what)
    let names = (try? FileManager.default.contentsOfDirectory(atPath: real)) ?? []
    for name in names where [".tar", ".csv", ".tsv"].contains(where: name.lowercased().hasSuffix) {
      guard let target = Self.real("\(real)/\(name)"), contains(target) else {
        throw Problem(
          .forbidden,
          "\(what) holds a link that leads nowhere, or out of the service's crawl roots.")
      }
    }
    return real
  }

  /// Whether a path without symbolic links lies below a root.
  func contains(_ real: String) -> Bool {
    roots.contains { $0 == "/" || real == $0 || real.hasPrefix($0 + "/") }
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

  private static func real(_ path: String) -> String? {
    path.utf8.contains(0) ? nil : Folder.resolved(path)
  }
}
