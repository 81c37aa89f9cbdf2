import AuditDump
import Foundation
import Testing
import TestSupport

struct CrawlConfigurationTests {
  private func decode(_ json: String) throws -> CrawlConfiguration {
    try JSONDecoder().decode(CrawlConfiguration.self, from: Data(json.utf8))
  }

  @Test func missingKeysTakeDefaults() throws {
    #expect(try decode("{}") == CrawlConfiguration())
    var expected = CrawlConfiguration()
    expected.separator = .semicolon
    expected.imageRoot = "/data"
    #expect(try decode(#"{"separator": "semicolon", "imageRoot": "/data"}"#) == expected)
  }

  @Test func itSurvivesARoundTrip() throws {
    var configuration = CrawlConfiguration()
    configuration.imageKey = "image"
    configuration.captionKey = "text"
    configuration.captionChoice = .random
    configuration.captionSeed = 3
    configuration.maximumUnpackedBytes = 9
    configuration.maximumDocumentBytes = 10
    configuration.maximumCaptionBytes = 7
    configuration.maximumImageBytes = 8
    let json = try JSONEncoder().encode(configuration)
    #expect(try JSONDecoder().decode(CrawlConfiguration.self, from: json) == configuration)
  }

  @Test func anUnknownKeyNamesTheNearestKnownOne() throws {
    let error = #expect(throws: DecodingError.self) { try decode(#"{"captoinKey": "x"}"#) }
    guard case .dataCorrupted(let context) = error else {
      Issue.record("unexpected error \(String(describing: error))")
      return
    }
    #expect(
      context.debugDescription == "unknown setting 'captoinKey': did you mean 'captionKey'?")
  }

  @Test func senselessValuesAreRefused() {
    var configuration = CrawlConfiguration()
    configuration.maximumCaptionBytes = 0
    #expect(throws: DumpError.self) {
      try Crawl.reader(for: Repository.crawl("shapes"), configuration: configuration)
    }
    configuration = CrawlConfiguration()
    configuration.imageKey = "text"
    configuration.captionKey = "text"
    #expect(throws: DumpError.self) { try configuration.validate() }
  }
}
