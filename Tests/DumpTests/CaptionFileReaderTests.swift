import AuditDump
import Foundation
import Testing
import TestSupport

struct CaptionFileReaderTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    for name in ["a.jpg", "b.jpg", "sub/c.jpg"] { try folder.write(name, "image of \(name)") }
  }

  private func read(
    _ text: String, name: String = "captions.csv",
    _ configuration: CrawlConfiguration = CrawlConfiguration()
  ) throws -> Reading {
    try Reading(folder.write(name, text), configuration: configuration)
  }

  @Test(arguments: ["", "/captions.csv"])
  func theFixtureIsReadFromFolderAndFile(_ suffix: String) throws {
    let reading = try Reading(Repository.crawl("captions") + suffix)
    #expect(reading.rejections == [])
    #expect(
      reading.pairs.map(\.key) == (0..<8).map { "images/\($0).png" } + ["images/0.png#2"])
    let captions = reading.pairs.map(\.caption)
    #expect(captions[2].hasSuffix(", alone"))
    #expect(captions[3].hasSuffix(" (\"drawn\")"))
    #expect(captions[4].hasSuffix("\nin two lines"))
    #expect(captions[5].first != " " && captions[5].last != " ")
    #expect(captions[6].hasSuffix("3\" wide"))
    #expect(captions[7].hasSuffix(" – 図形"))
    #expect(captions[8] == "the same picture again")
    let bytes = try ImageFiles().bytes(of: reading.pairs[0].image)
    #expect(bytes.starts(with: [0x89, 0x50, 0x4E, 0x47]))
  }

  @Test func eachFaultIsFoundWithItsLine() throws {
    let reading = try Reading(Repository.crawl("damaged-captions"))
    #expect(
      reading.findings == [
        "captions.tsv:3 missingImage", "captions.tsv:4 emptyCaption",
        "captions.tsv:5 captionNotUTF8",
        "captions.tsv:6 captionNotText", "captions.tsv:7 emptyImage", "captions.tsv:8 notAFile",
        "captions.tsv:9 pathOutsideCrawl", "captions.tsv:10 pathOutsideCrawl",
        "captions.tsv:11 pathOutsideCrawl", "captions.tsv:12 unreadableFile",
        "captions.tsv:13 invalidName", "captions.tsv:14 malformedRow",
        "captions.tsv:15 malformedRow",
        "captions.tsv:16 duplicateKey",
      ])
    #expect(reading.pairs.map(\.key) == ["good.png", "link-in.png", "good.png#2"])
    let bytes = try Data(
      contentsOf: URL(filePath: Repository.crawl("damaged-captions/captions.tsv")))
    for rejection in reading.rejections {
      let offset = try #require(rejection.offset)
      let line = bytes.prefix(Int(offset)).count { $0 == 10 } + 1
      #expect(rejection.source.hasSuffix(":\(line)"))
    }
  }

  @Test(arguments: [",", ";", "|", "\t"])
  func theSeparatorIsToldFromTheHeader(_ separator: String) throws {
    let rows = [
      ["id", "title", "filepath"], ["1", "a title", "a.jpg"], ["2", "two", "sub/c.jpg"],
    ]
    let text = rows.map { $0.joined(separator: separator) }.joined(separator: "\n")
    let reading = try read(text)
    #expect(reading.pairs.map(\.key) == ["a.jpg", "sub/c.jpg"])
    #expect(reading.pairs.map(\.caption) == ["a title", "two"])
  }

  @Test func namesOfColumnsAreSettings() throws {
    var configuration = CrawlConfiguration()
    configuration.imageKey = "image"
    configuration.captionKey = "alt text"
    configuration.separator = .comma
    let reading = try read("image, alt text ,filepath\na.jpg,hello,no\n", configuration)
    #expect(reading.pairs.map(\.caption) == ["hello"])
    #expect(
      throws: DumpError.missingColumns(
        path: "\(folder.path)/captions.csv", missing: ["image", "alt text"],
        found: ["filepath", "title"])
    ) { try read("filepath,title\n", configuration) }
  }

  @Test(arguments: ["a.jpg,hello\n", "filepath,titel\na.jpg,hello\n"])
  func aFileWithoutTheColumnsIsAnError(_ text: String) throws {
    let error = #expect(throws: DumpError.self) { try read(text) }
    #expect(error?.description.contains("'caption/title/") == true)
  }

  @Test(arguments: ["", "\u{FEFF}"])
  func anEmptyFileIsAnErrorThatSaysSo(_ text: String) throws {
    #expect(
      throws: DumpError.noRecords(
        path: folder.file("captions.csv"), problem: "is empty, without a header")
    ) { try read(text) }
  }

  @Test func utf16IsAnErrorThatSaysSo() throws {
    let text = Array("filepath,title\n".utf16).flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
    let path = try folder.write("captions.csv", [0xFF, 0xFE] + text)
    #expect(throws: DumpError.unsupportedEncoding(path: path, encoding: "UTF-16")) {
      try Reading(path)
    }
  }

  @Test func pathsAreConfinedToTheImageRoot() throws {
    let other = try TemporaryFolder()
    try other.write("x.jpg", "image")
    try folder.link("escape", to: other.path)
    let text = """
      filepath,title
      sub/../a.jpg,inside
      ./b.jpg,inside
      \(folder.path)/sub/c.jpg,absolute but inside
      sub/../../x.jpg,climbs
      escape/x.jpg,through a link to a folder
      \(other.path)/x.jpg,absolute
      nowhere/x.jpg,no folder
      ,no name

      """
    let reading = try read(text)
    #expect(
      reading.pairs.map(\.key) == ["sub/../a.jpg", "./b.jpg", "\(folder.path)/sub/c.jpg"])
    #expect(
      reading.findings == [
        "captions.csv:5 pathOutsideCrawl", "captions.csv:6 pathOutsideCrawl",
        "captions.csv:7 pathOutsideCrawl", "captions.csv:8 missingImage",
        "captions.csv:9 missingImage",
      ])
    var configuration = CrawlConfiguration()
    configuration.imageRoot = other.path
    #expect(
      try read("filepath,title\nx.jpg,one\n\(other.path)/x.jpg,two\n", configuration)
        .pairs.map(\.image.path) == ["\(other.path)/x.jpg", "\(other.path)/x.jpg"])
    configuration.imageRoot = "\(other.path)/nowhere"
    #expect(throws: DumpError.notFound(path: "\(other.path)/nowhere")) {
      try read("filepath,title\n", configuration)
    }
  }

  @Test func severalCaptionsOfOneImageHaveKeysOfTheirOwn() throws {
    try folder.write("a.jpg#2", "image")
    let reading = try read(
      "filepath,title\na.jpg#2,zero\na.jpg,one\na.jpg,two\na.jpg,one\na.jpg,three\n")
    #expect(reading.pairs.map(\.key) == ["a.jpg#2", "a.jpg", "a.jpg#3", "a.jpg#4"])
    #expect(reading.findings == ["captions.csv:5 duplicateKey"])
  }

  @Test func captionsAboveTheLimitAreRejected() throws {
    var configuration = CrawlConfiguration()
    configuration.maximumCaptionBytes = 5
    let reading = try read(
      "filepath,title\na.jpg,12345\nb.jpg,123456\n"
        + "b.jpg,\(String(repeating: "x", count: 100_000))\nsub/c.jpg,12345\n", configuration)
    #expect(reading.pairs.map(\.key) == ["a.jpg", "sub/c.jpg"])
    #expect(
      reading.findings == ["captions.csv:3 captionTooLong", "captions.csv:4 captionTooLong"])
  }
}
