import AuditDump
import Foundation
import Testing
import TestSupport

/// Lists of JSON lines that begin badly, and those that hold nothing.
struct JSONLinesTests {
  private let folder: TemporaryFolder
  private static let good = #"{"image": "a.png", "caption": "a caption"}"#

  init() throws {
    folder = try TemporaryFolder()
    try folder.write("a.png", "image")
  }

  private func write(_ line: String, times count: Int) throws -> String {
    try folder.write(
      "l.jsonl", String(repeating: line + "\n", count: count) + Self.good + "\n")
  }

  @Test(arguments: [
    ("{broken", RejectionReason.malformedJSON),
    (#"{"image": "a.png", "caption": null}"#, .missingCaption), (#"{"other": 1}"#, .missingImage),
  ])
  func badRecordsAtTheStartCostThemselvesOnly(_ line: String, _ reason: RejectionReason) throws {
    let path = try write(line, times: 150)
    for place in [path, folder.path] {
      let reading = try Reading(place)
      #expect(reading.pairs.map(\.caption) == ["a caption"])
      #expect(reading.rejections.map(\.reason) == Array(repeating: reason, count: 150))
    }
  }

  @Test func recordsAreFoundBehindMoreThanAMebibyteOfOthers() throws {
    let path = try write(#"{"other": "\#(String(repeating: "x", count: 1000))"}"#, times: 2000)
    #expect(try Reading(path).pairs.count == 1)
  }

  @Test func anEmptyListSaysSo() throws {
    for text in ["", "\n \n\n"] {
      let path = try folder.write("captions.jsonl", text)
      for (place, format) in [(path, nil), (folder.path, nil), (path, CrawlFormat.captionFile)] {
        #expect(throws: DumpError.noRecords(path: path, problem: "is empty")) {
          try Crawl.reader(for: place, format: format)
        }
      }
    }
  }

  @Test(arguments: [
    ("{broken\n", "no line that is a JSON object"),
    (#"{"image": "a.png", "caption": null}"#, "although there are fields 'image', 'caption'"),
    (#"{"picture": "a.png", "caption": "x"}"#, "no column or field 'filepath/file_name/"),
    (#"{"picture": "a.png", "caption": "x"}"#, "it has 'caption', 'picture'"),
  ])
  func aListWithoutARecordSaysWhatItHas(_ text: String, _ words: String) throws {
    let path = try folder.write("l.jsonl", text)
    let error = #expect(throws: DumpError.self) { try Crawl.reader(for: path) }
    #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
  }
}
