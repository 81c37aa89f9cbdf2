import AuditDump
import Foundation
import Testing
import TestSupport

/// Files of COCO captions that are cut, broken or too large to hold.
struct COCOCaptionTests {
  private let folder: TemporaryFolder
  private static let whole =
    #"{"images": [{"id": 1, "file_name": "a.png"}],"# + "\n"
    + #""annotations": [{"image_id": 1, "caption": "é"}]}"#

  init() throws { folder = try TemporaryFolder() }

  private func refusal(
    _ text: String, _ configuration: CrawlConfiguration = CrawlConfiguration()
  ) throws -> DumpError? {
    let path = try folder.write("c.json", text)
    return #expect(throws: DumpError.self) {
      try Crawl.reader(for: path, configuration: configuration)
    }
  }

  @Test(arguments: [
    (String(whole.dropLast(30)), "it ends at byte 65, in line 2"),
    (whole + "]", "it breaks near byte 96, in line 2"),
    (
      whole.replacing("[{\"image_id\"", with: "[@{\"image_id\""),
      "it breaks near byte 62, in line 2"
    ),
    ("", "it is empty"), ("\n ", "it is empty"),
  ])
  func brokenJSONSaysWhere(_ text: String, _ words: String) throws {
    let error = try refusal(text)
    guard case .brokenJSON(_, let problem) = error else {
      Issue.record("unexpected \(String(describing: error))")
      return
    }
    #expect(problem.hasPrefix(words), "\(problem)")
  }

  @Test func wholeJSONOfAnotherKindIsAnotherFormat() throws {
    let error = try refusal(#"{"images": []}"#)
    guard case .wrongFormat = error else {
      Issue.record("unexpected \(String(describing: error))")
      return
    }
  }

  @Test func whatIsAboveTheLimitIsRefused() throws {
    var configuration = CrawlConfiguration()
    configuration.maximumDocumentBytes = Int64(Self.whole.utf8.count)
    try folder.write("a.png", "image")
    let path = try folder.write("c.json", Self.whole)
    #expect(try Reading(path, configuration: configuration).pairs.count == 1)
    configuration.maximumDocumentBytes -= 1
    #expect(
      try refusal(Self.whole, configuration)
        == .documentTooLarge(path: path, limit: configuration.maximumDocumentBytes))
  }

  @Test func whatUnpacksToMoreThanTheLimitIsRefusedAndACutStreamIsTold() throws {
    let list = try Data(
      contentsOf: URL(filePath: Repository.crawl("formats/lists/captions.jsonl.gz")))
    let packed = try folder.write("c.json.gz", [UInt8](list))
    var configuration = CrawlConfiguration()
    configuration.maximumDocumentBytes = 1000
    #expect(throws: DumpError.documentTooLarge(path: packed, limit: 1000)) {
      try Crawl.reader(for: packed, configuration: configuration)
    }
    let cut = try folder.write("cut.json.gz", [UInt8](list.prefix(list.count / 2)))
    let error = #expect(throws: DumpError.self) { try Crawl.reader(for: cut) }
    #expect(error?.description.contains("the gzip stream ends too early") == true)
  }
}
