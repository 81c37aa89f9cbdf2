import AuditDump
import Foundation
import Testing
import TestSupport

struct CrawlTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func formatName(_ path: String) throws -> String {
    try Crawl.reader(for: path).formatName
  }

  @Test func theFormatIsToldFromThePath() throws {
    #expect(try formatName(Repository.crawl("shapes")) == "webdataset")
    #expect(try formatName(Repository.crawl("shapes/00001.tar")) == "webdataset")
    #expect(try formatName(Repository.crawl("captions")) == "caption file")
    #expect(try formatName(Repository.crawl("captions/captions.csv")) == "caption file")
    #expect(try formatName(Repository.crawl("openclipart")) == "openclipart")
  }

  @Test func nothingThereIsAnError() {
    #expect(throws: DumpError.notFound(path: "/nowhere")) { try Crawl.reader(for: "/nowhere") }
  }

  @Test func anUnknownFormatSaysWhatWasLookedFor() throws {
    try folder.write("notes.txt", "hello")
    let error = #expect(throws: DumpError.self) { try Crawl.reader(for: folder.path) }
    let message = try #require(error?.description)
    for format in CrawlFormat.allCases { #expect(message.contains(format.lookedFor)) }
    #expect(message.contains(folder.path))
    #expect(throws: DumpError.self) { try Crawl.reader(for: "\(folder.path)/notes.txt") }
  }

  @Test(arguments: ["metadata.parquet", "data/train-00000-of-00001.parquet"])
  func parquetIsToldWithTheCommandThatConvertsIt(_ name: String) throws {
    let path = try folder.write(name, "PAR1")
    try folder.write("1.png", "image")
    for place in [folder.path, path] {
      let error = #expect(throws: DumpError.parquet(path: path)) { try Crawl.reader(for: place) }
      #expect(error?.description.contains("Parquet") == true)
      #expect(error?.description.contains("python3 -c") == true)
    }
    #expect(throws: DumpError.parquet(path: path)) {
      try Crawl.reader(for: folder.path, format: .captionFile)
    }
  }

  @Test func namesInCommandsAreQuoted() {
    #expect(DumpError.parquet(path: "a'b; c").description.contains(#" 'a'\''b; c' > "#))
  }

  @Test(arguments: CrawlFormat.allCases)
  func anAskedFormatThatDoesNotFitIsAnError(_ format: CrawlFormat) throws {
    #expect(
      throws: DumpError.wrongFormat(path: folder.path, format: format, lookedFor: format.lookedFor)
    ) { try Crawl.reader(for: folder.path, format: format) }
  }

  @Test func labelsBesideShardsAreNoCaptionFile() throws {
    try folder.write("0.tar", [])
    try folder.write("labels.tsv", "filepath\ttitle\n")
    try folder.write("captions.tsv", "key\tcaption\n")
    #expect(try formatName(folder.path) == "webdataset")
  }

  @Test func shardsBesideACaptionFileAreAmbiguousUnlessAFormatIsAsked() throws {
    try folder.write("0.tar", [])
    try folder.write("captions.tsv", "filepath\ttitle\n")
    #expect(throws: DumpError.ambiguous(path: folder.path, candidates: ["0.tar", "captions.tsv"])) {
      try Crawl.reader(for: folder.path)
    }
    #expect(try Crawl.reader(for: folder.path, format: .captionFile).formatName == "caption file")
  }

  @Test func aCaptionFileInTheLibrarysTreeIsRead() throws {
    try folder.write("png/a.png", "image")
    try folder.write("svg/a.svg", "<svg/>")
    #expect(try formatName(folder.path) == "openclipart")
    _ = try OpenClipartConverter(root: folder.path).write(to: "\(folder.path)/captions.tsv")
    #expect(try formatName(folder.path) == "caption file")
    #expect(try Reading(folder.path).records == Reading(folder.path, format: .openclipart).records)
  }

  @Test func ofSeveralListsTheOneWithTheColumnsIsRead() throws {
    try folder.write("a.csv", "x,y\n")
    try folder.write("b.tsv", "filepath\ttitle\n")
    #expect(try formatName(folder.path) == "caption file")
    try folder.write("c.csv", "filepath,title\n")
    #expect(throws: DumpError.ambiguous(path: folder.path, candidates: ["b.tsv", "c.csv"])) {
      try Crawl.reader(for: folder.path)
    }
    try folder.write("captions.csv", "title,filepath\n")
    #expect(try formatName(folder.path) == "caption file")
  }

  @Test func aListWithoutTheColumnsSaysWhichItHas() throws {
    try folder.write("a.csv", "x,y\n")
    let error = #expect(throws: DumpError.self) { try Crawl.reader(for: folder.path) }
    let message = try #require(error?.description)
    for part in ["a.csv", "filepath/file_name/", "caption/title/", "'x', 'y'", "--image-key"] {
      #expect(message.contains(part))
    }
  }

  @Test func anErrorShowsNoBinaryData() throws {
    let path = Repository.crawl("shapes/00000.tar")
    let error = #expect(throws: DumpError.self) {
      try Crawl.reader(for: path, format: .captionFile)
    }
    let message = try #require(error?.description)
    #expect(message.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control })
    #expect(message.count < 3000)
  }

  @Test func shardsAreReadInTheOrderOfTheirBytes() throws {
    for (name, key) in [("b.tar", "2"), ("A.tar", "0"), ("a.TAR", "1"), ("é.tar", "3")] {
      var tar = TarBytes()
      tar.addPair(key)
      tar.end()
      try folder.write(name, tar.bytes)
    }
    #expect(try Reading(folder.path).pairs.map(\.key) == ["0", "1", "2", "3"])
  }

  @Test func shardsInFoldersBelowAreReadByTheirPathsWithKeysThatTellThemApart() throws {
    for path in ["part-1/00000.tar", "part-0/00001.tar", "part-0/00000.tar", "c/d/00000.tar"] {
      var tar = TarBytes()
      tar.addPair("0")
      tar.end()
      try folder.write(path, tar.bytes)
    }
    try folder.write("part-0/00000_stats.json", "{}")
    #expect(try formatName(folder.path) == "webdataset")
    let reading = try Reading(folder.path)
    #expect(reading.pairs.map(\.key) == ["0", "00000/0", "00001/0", "part-1/00000/0"])
    #expect(
      reading.pairs.map { $0.image.path.dropFirst(folder.path.count + 1) } == [
        "c/d/00000.tar", "part-0/00000.tar", "part-0/00001.tar", "part-1/00000.tar",
      ])
    #expect(reading.findings.isEmpty)
    try folder.link("part-2", to: "part-1")
    let linked = try Reading(folder.path)
    #expect(linked.pairs.count == 4)
    #expect(linked.rejections.map(\.reason) == [.notAFile])
    // Shards in the folder itself come first.
    var tar = TarBytes()
    tar.addPair("own")
    tar.end()
    try folder.write("00000.tar", tar.bytes)
    #expect(
      try Reading(folder.path).pairs.map(\.key) == [
        "own", "0", "00000/0", "00001/0", "part-1/00000/0",
      ])
  }

  @Test func reasonCodesDoNotChange() {
    #expect(
      RejectionReason.allCases.map(\.rawValue) == [
        "missingCaption", "emptyCaption", "captionNotUTF8", "captionNotText", "captionTooLong",
        "malformedJSON", "missingImage", "emptyImage", "notAFile", "unreadableFile", "changedFile",
        "duplicateKey", "pathOutsideCrawl", "invalidName", "truncatedArchive", "corruptArchive",
        "unsupportedMember", "malformedRow", "otherFormat", "notAnImage", "unsupportedImage",
        "corruptImage",
        "truncatedImage", "imageTooLarge",
      ])
  }

  @Test func theDamagedFixturesHoldEveryReasonThatNeedsNoLongFileChangeOrMixedFolder() throws {
    let found = try ["damaged-shards", "damaged-captions"].flatMap {
      try Reading(Repository.crawl($0)).rejections.map(\.reason)
    }
    #expect(
      Set(RejectionReason.allCases).subtracting(found)
        == RejectionReason.whileDecoding.union([.captionTooLong, .changedFile, .otherFormat]))
  }

  @Test func errorsNameThePlaceAndTheRemedy() {
    let errors: [DumpError] = [
      .notFound(path: "P"), .unknownFormat(path: "P", lookedFor: ["x"]),
      .ambiguous(path: "P", candidates: ["x"]),
      .wrongFormat(path: "P", format: .webdataset, lookedFor: "x"),
      .missingColumns(path: "P", missing: ["x"], found: ["y"]),
      .missingColumns(path: "P", missing: [], found: ["y"]),
      .documentTooLarge(path: "P", limit: 1), .brokenJSON(path: "P", problem: "x"),
      .parquet(path: "P"), .noRecords(path: "P", problem: "is empty"),
      .unsupportedEncoding(path: "P", encoding: "UTF-16"),
      .unreadable(path: "P", operation: "open", code: EACCES),
      .unwritable(path: "P", operation: "write", code: ENOSPC),
      .unwritablePair(key: "P", problem: "x"),
      .invalidSetting(name: "P", value: "x", expected: "y"),
    ]
    for error in errors {
      #expect(error.description.contains("P"))
      #expect(error.localizedDescription == error.description)
    }
  }
}
