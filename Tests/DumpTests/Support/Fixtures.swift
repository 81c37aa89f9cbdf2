import AuditDump
import Foundation

/// Places of the checked-in crawls and of the crawls that only some machines have.
enum Fixtures {
  static let repository = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path(percentEncoded: false)
  static let script = "\(repository)Fixtures/make-crawls.py"
  static let photos = "\(repository)../shared/photos"
  static let products = "\(repository)../shared/products"
  static let openClipart = "/usr/share/openclipart"

  static func crawl(_ name: String) -> String { "\(repository)Fixtures/crawls/\(name)" }

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
