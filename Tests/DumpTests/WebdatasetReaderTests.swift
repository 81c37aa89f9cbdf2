import AuditDump
import Foundation
import Testing
import TestSupport

struct WebdatasetReaderTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Reads one shard with the given members.
  private func read(
    _ configuration: CrawlConfiguration = CrawlConfiguration(), _ fill: (inout TarBytes) -> Void
  ) throws -> Reading {
    var tar = TarBytes()
    fill(&tar)
    tar.end()
    return try Reading(folder.write("shard.tar", tar.bytes), configuration: configuration)
  }

  @Test func theShapesAreReadInOrderWithCaptionsFromTextOrJSON() throws {
    let reading = try Reading(Repository.crawl("shapes"))
    #expect(reading.rejections == [])
    #expect(
      reading.pairs.map(\.key)
        == (0..<2).flatMap { shard in (0..<96).map { String(format: "%05d%04d", shard, $0) } })
    let first = try #require(reading.pairs.first)
    #expect(first.caption == "three yellow triangles on beige")
    #expect(first.image.path == Repository.crawl("shapes") + "/00000.tar")
    #expect(first.image.description.hasSuffix("shapes/00000.tar!000000000.png"))
    #expect(reading.pairs.allSatisfy { $0.caption.contains(" on ") })
  }

  @Test func twoReadingsAreEqual() throws {
    #expect(
      try Reading(Repository.crawl("shapes")).records == Reading(Repository.crawl("shapes")).records
    )
  }

  @Test func eachFaultIsFoundOnce() throws {
    let reading = try Reading(Repository.crawl("damaged-shards"))
    #expect(
      reading.findings == [
        "00000.tar!twice.png duplicateKey", "00000.tar!twice.txt duplicateKey",
        "outside.png pathOutsideCrawl", "outside.txt pathOutsideCrawl",
        "00000.tar!link.png unsupportedMember", "00000.tar!name\u{FFFD}.png invalidName",
        "00000.tar corruptArchive", "00000.tar!without-caption.png missingCaption",
        "00000.tar!without-image missingImage", "00000.tar!empty-caption.png emptyCaption",
        "00000.tar!latin-caption.png captionNotUTF8", "00000.tar!binary-caption.png captionNotText",
        "00000.tar!empty-image.png emptyImage", "00000.tar!broken-json.png malformedJSON",
        "00000.tar!no-field.png missingCaption", "00001.tar truncatedArchive",
        "00001.tar!cut.png missingCaption",
      ])
    #expect(reading.pairs.map(\.key) == ["good", "twice", "behind-the-damage", "00001/good"])
    #expect(reading.rejections.allSatisfy { $0.offset != nil && !$0.message.isEmpty })
  }

  @Test func membersOfAPairNeedNotBeNeighbours() throws {
    let reading = try read { tar in
      tar.add("./b.jpg", "image of b")
      tar.add("./a.txt", "caption of a")
      tar.add("./sub/", "", type: "5")
      tar.add("./sub/a.jpg", "image of sub/a")
      tar.add("./b.txt", "caption of b")
      tar.add("./sub/a.txt", "caption of sub/a")
      tar.add("./a.jpg", "image of a")
    }
    #expect(reading.rejections == [])
    #expect(reading.pairs.map(\.key) == ["b", "a", "sub/a"])
    let files = ImageFiles()
    for pair in reading.pairs {
      #expect(pair.caption == "caption of \(pair.key)")
      #expect(try files.bytes(of: pair.image) == Array("image of \(pair.key)".utf8))
    }
  }

  @Test func theKeyEndsAtTheFirstDot() throws {
    let reading = try read { tar in
      tar.add("v1.2/a.jpg", "image")
      tar.add("v1.2/a.txt", "in a folder with a dot")
      tar.add("b.seg.png", "another column")
      tar.add("b.JPG", "image")
      tar.add("b.txt", "upper case")
      tar.add(".hidden.jpg", "no key")
      tar.add("README", "no extension")
    }
    #expect(reading.rejections == [])
    #expect(reading.pairs.map(\.key) == ["v1.2/a", "b"])
    #expect(reading.pairs.map(\.image.member) == ["v1.2/a.jpg", "b.JPG"])
  }

  @Test func ofSeveralImagesTheFirstKindWins() throws {
    let reading = try read { tar in
      for kind in ["gif", "webp", "jpeg", "png", "jpg"] { tar.add("a.\(kind)", kind) }
      tar.add("a.txt", "text")
      tar.add("b.webp", "webp")
      tar.add("b.png", "png")
      tar.add("b.txt", "text")
      tar.add("c.gif", "gif")
      tar.add("c.txt", "text")
    }
    #expect(reading.pairs.map(\.image.member) == ["a.jpg", "b.png", "c.gif"])
  }

  @Test func otherExtensionsAreNamed() throws {
    let reading = try read { tar in
      tar.add("a.tiff", "image")
      tar.add("a.txt", "text")
    }
    #expect(reading.findings == ["shard.tar!a missingImage"])
    #expect(reading.rejections[0].message.contains("found .tiff"))
  }

  @Test func captionsAreTrimmedAndOtherwiseKept() throws {
    let reading = try read { tar in
      tar.addPair("a", caption: "\u{FEFF} \r\n two  words\nof 図形 &amp; more\u{A0}\n")
    }
    #expect(reading.pairs.map(\.caption) == ["two  words\nof 図形 &amp; more"])
  }

  @Test(arguments: [10, 9000]) func captionsAboveTheLimitAreRejected(_ limit: Int) throws {
    var configuration = CrawlConfiguration()
    configuration.maximumCaptionBytes = limit
    let reading = try read(configuration) { tar in
      tar.addPair("a", caption: String(repeating: "x", count: limit))
      tar.addPair("b", caption: String(repeating: "x", count: limit + 1))
      tar.add("c.jpg", "image")
      tar.add("c.json", "{\"caption\": \"\(String(repeating: "x", count: limit + 1))\"}")
    }
    #expect(reading.pairs.map(\.key) == ["a"])
    #expect(
      reading.findings == ["shard.tar!b.jpg captionTooLong", "shard.tar!c.jpg captionTooLong"])
  }

  @Test func theJSONFieldIsASetting() throws {
    var configuration = CrawlConfiguration()
    configuration.captionKey = "alt"
    let reading = try read(configuration) { tar in
      tar.add("a.jpg", "image")
      tar.add("a.json", "{\"caption\": \"no\", \"alt\": \" Gr\\u00fc\\u00dfe \"}")
      tar.add("b.jpg", "image")
      tar.add("b.json", "[1, 2]")
    }
    #expect(reading.pairs.map(\.caption) == ["Grüße"])
    #expect(reading.findings == ["shard.tar!b.jpg malformedJSON"])
  }

  @Test func keysAreUniqueOverTheCrawl() throws {
    for shard in ["00000", "00001", "00002"] {
      var tar = TarBytes()
      tar.addPair("a")
      tar.addPair(shard)
      if shard == "00000" { tar.addPair("00002/a") }
      tar.end()
      try folder.write("\(shard).tar", tar.bytes)
    }
    let reading = try Reading(folder.path)
    let last = URL(fileURLWithPath: folder.path).lastPathComponent + "/00002/a"
    #expect(
      reading.pairs.map(\.key) == ["a", "00000", "00002/a", "00001/a", "00001", last, "00002"])
    #expect(reading.findings.isEmpty)
    #expect(Set(reading.pairs.map(\.key)).count == reading.pairs.count)
  }

  @Test func keysThatSwiftTakesForEqualAreOneKey() throws {
    for (shard, key) in [("0", "\u{E9}"), ("1", "e\u{301}")] {
      var tar = TarBytes()
      tar.addPair(key)
      tar.end()
      try folder.write("\(shard).tar", tar.bytes)
    }
    #expect(try Reading(folder.path).pairs.map(\.key) == ["\u{E9}", "1/e\u{301}"])
  }

  @Test func deepJSONDoesNotOverflow() throws {
    let reading = try read { tar in
      tar.add("a.jpg", "image")
      tar.add("a.json", String(repeating: "[", count: 500_000))
      tar.add("b.jpg", "image")
      tar.add("b.json", String(repeating: "{\"a\":", count: 100_000))
    }
    #expect(
      reading.findings == ["shard.tar!a.jpg malformedJSON", "shard.tar!b.jpg malformedJSON"])
  }

  @Test func unreadableShardsDoNotStopTheScan() throws {
    var tar = TarBytes()
    tar.addPair("a")
    tar.end()
    try folder.link("0.tar", to: "0.tar")
    try FileManager.default.createDirectory(
      atPath: "\(folder.path)/1.tar", withIntermediateDirectories: false)
    try folder.write("2.tar", [0x1F, 0x8B, 8, 0] + [UInt8](repeating: 9, count: 1000))
    try folder.write("3.tar", [])
    try folder.write("4.tar", tar.bytes)
    let reading = try Reading("\(folder.path)/{0..4}.tar")
    #expect(
      reading.findings == [
        "0.tar unreadableFile", "1.tar notAFile", "2.tar corruptArchive", "3.tar truncatedArchive",
      ])
    #expect(reading.rejections[2].message.contains("gzip"))
    #expect(reading.pairs.map(\.key) == ["a"])
  }

  @Test func aPointerOfGitLFSIsToldAsSuch() throws {
    let path = try folder.write(
      "a.tar", "version https://git-lfs.github.com/spec/v1\noid sha256:aaa\nsize 12\n")
    let reading = try Reading(path)
    #expect(reading.findings == ["a.tar corruptArchive"])
    #expect(reading.rejections[0].message.contains("git lfs pull"))
  }

  @Test func anErrorOfTheCallerEndsTheReading() throws {
    struct Stop: Error {}
    var count = 0
    #expect(throws: Stop.self) {
      try Crawl.reader(for: Repository.crawl("shapes")).read { _ in
        count += 1
        if count == 3 { throw Stop() }
      }
    }
    #expect(count == 3)
  }
}
