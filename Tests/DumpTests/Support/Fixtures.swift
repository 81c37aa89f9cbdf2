import AuditDump
import Foundation
import TestSupport

/// Crawls that only some machines have, and the script that makes the others.
enum Fixtures {
  static let script = Repository.fixture("make-crawls.py").path(percentEncoded: false)
  static let photos = Repository.shared("photos")
  static let products = Repository.shared("products")
  static let openClipart = "/usr/share/openclipart"

  static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }
}

/// What a reader gave, sorted out.
struct Reading {
  var records: [CrawlRecord] = []

  init(_ reader: any CrawlReader) throws {
    try reader.read { records.append($0) }
  }

  init(
    _ path: String, format: CrawlFormat? = nil,
    configuration: CrawlConfiguration = CrawlConfiguration()
  ) throws {
    try self.init(Crawl.reader(for: path, format: format, configuration: configuration))
  }

  var pairs: [Pair] {
    records.compactMap { if case .pair(let pair) = $0 { pair } else { nil } }
  }

  var rejections: [Rejection] {
    records.compactMap { if case .rejected(let rejection) = $0 { rejection } else { nil } }
  }

  /// `name reason` of each rejection, the name without its folder.
  var findings: [String] {
    rejections.map { rejection in
      let name = rejection.source.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
      return "\(name) \(rejection.reason.rawValue)"
    }
  }
}
