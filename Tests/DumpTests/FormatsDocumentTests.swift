import AuditDump
import Foundation
import Testing
import TestSupport

/// docs/formats.md and the code say the same.
struct FormatsDocumentTests {
  private let text: String

  init() throws {
    text = try String(
      contentsOf: Repository.root.appending(path: "docs/formats.md"), encoding: .utf8)
  }

  @Test(arguments: RejectionReason.allCases)
  func everyReasonIsDocumented(_ reason: RejectionReason) {
    #expect(text.contains("`\(reason.rawValue)`"))
  }

  @Test(arguments: CrawlFormat.allCases)
  func everyFormatIsDocumented(_ format: CrawlFormat) {
    #expect(text.contains("`\(format.rawValue)`"))
  }

  @Test func theCommandThatConvertsParquetIsTheOneThatErrorsTell() throws {
    let message = DumpError.parquet(path: "P").description
    let command = try #require(message.split(separator: "\n").first { $0.contains("python3") })
    let parts = command.split(separator: " 'P' ")
    #expect(parts.count == 2)
    #expect(text.contains(parts[0].trimmingPrefix("  ") + " metadata.parquet > captions.jsonl"))
  }

  @Test func everySettingIsDocumented() throws {
    var configuration = CrawlConfiguration()
    configuration.imageRoot = "somewhere"
    configuration.imageKey = "image"
    configuration.captionKey = "text"
    let json = try JSONSerialization.jsonObject(with: JSONEncoder().encode(configuration))
    let settings = try #require(json as? [String: Any])
    #expect(settings.count == 10)
    for name in settings.keys { #expect(text.contains("`\(name)`"), "\(name)") }
  }
}
