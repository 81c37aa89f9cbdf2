import AuditDump
import Foundation
import Testing
import TestSupport

/// Captions far above the limit, in lists of every kind.
struct LongCaptionTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    for name in ["a.png", "b.png", "c.png"] { try folder.write(name, "image") }
  }

  private static func table(_ separator: String, _ caption: String) -> String {
    [("image", "caption"), ("a.png", "before"), ("b.png", caption), ("c.png", "after")]
      .map { "\($0)\(separator)\($1)\n" }.joined()
  }

  private static func lines(_ caption: String) -> String {
    [("a.png", "before"), ("b.png", caption), ("c.png", "after")]
      .map { "{\"image\": \"\($0)\", \"caption\": \"\($1)\"}\n" }.joined()
  }

  // Above what is looked into, too.
  @Test(arguments: [10_000_000, 35_000_000])
  func theyAreTooLongAndNotMalformed(_ count: Int) throws {
    let long = String(repeating: "x", count: count)
    let lists = [
      ("csv", Self.table(",", long)), ("quoted.csv", Self.table(",", "\"\(long)\"")),
      ("tsv", Self.table("\t", long)), ("jsonl", Self.lines(long)),
    ]
    for (ending, text) in lists {
      let reading = try Reading(folder.write("l.\(ending)", text))
      #expect(reading.pairs.map(\.caption) == ["before", "after"], "\(ending)")
      #expect(reading.rejections.map(\.reason) == [.captionTooLong], "\(ending)")
      #expect(reading.rejections[0].message.contains("maximumCaptionBytes"), "\(ending)")
    }
  }

  @Test func aLongCaptionOfManyLinesIsOneRecord() throws {
    let long = String(repeating: "a line with a \"\"quote\"\"\n", count: 400_000)
    let reading = try Reading(folder.write("l.csv", Self.table(",", "\"\(long)\"")))
    #expect(reading.pairs.map(\.caption) == ["before", "after"])
    #expect(reading.findings == ["l.csv:3 captionTooLong"])
  }

  @Test func aLongColumnBesideTheCaptionIsNoFault() throws {
    let long = String(repeating: "x", count: 3_000_000)
    let text = "image,caption,page\na.png,short,\(long)\n"
    #expect(try Reading(folder.write("l.csv", text)).pairs.map(\.caption) == ["short"])
  }
}
