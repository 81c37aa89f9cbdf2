import AuditDump
import AuditReport
import Foundation
import TestSupport
import Testing

/// What an export of shards refuses, and that nothing is left then.
struct ChangedCrawlTests {
  private static let members = [
    ("a.jpg", "image a"), ("a.txt", "safe a"), ("b.jpg", "image b"), ("b.txt", "safe b"),
  ]

  private func crawl() throws -> SmallCrawl { try SmallCrawl(["00000.tar": Self.members]) }

  private func refused(
    _ crawl: SmallCrawl, _ choice: PairChoice = PairChoice(.all), replaces: Bool = false,
    to name: String = "out"
  ) throws -> ShardExportError {
    let before = try crawl.folder.names
    let error = #expect(throws: ShardExportError.self) {
      try crawl.export(choice, replaces: replaces, to: name)
    }
    #expect(try crawl.folder.names == before, "something was left")
    return try #require(error)
  }

  @Test func imageOfOtherBytesIsRefused() throws {
    let crawl = try crawl()
    var members = Self.members
    members[2].1 = "image B"
    try crawl.write(members, to: "00000.tar")
    let error = try refused(crawl)
    let path = crawl.folder.file("crawl/00000.tar")
    #expect(
      error
        == .changed(source: path, key: "b", reason: "the image has other bytes (SHA-256)"))
    #expect("\(error)".contains(path) && "\(error)".contains("the pair b"))
    // What has not changed may still be had.
    #expect(try crawl.export(PairChoice(.all, order: .ordinal, limit: 1)).pairs == 1)
  }

  @Test(arguments: [
    [("a.jpg", "image a"), ("a.txt", "safe a"), ("b.txt", "safe b"), ("b.jpg", "image b")],
    [("a.jpg", "image a"), ("a.txt", "safe a"), ("b.png", "image b"), ("b.txt", "safe b")],
    [("a.jpg", "image a"), ("a.txt", "safe a"), ("b.jpg", "image"), ("b.txt", "safe b")],
    [("a.jpg", "image a"), ("a.txt", "safe a")],
  ])
  func imageThatLiesElsewhereIsRefused(members: [(String, String)]) throws {
    let crawl = try crawl()
    try crawl.write(members, to: "00000.tar")
    guard case .changed(_, "b", let reason) = try refused(crawl) else {
      Issue.record("another error")
      return
    }
    #expect(reason == "the image b.jpg is not at byte 2560 any more")
  }

  @Test func anotherCaptionIsRefused() throws {
    let crawl = try crawl()
    var members = Self.members
    members[3].1 = "swapped"
    try crawl.write(members, to: "00000.tar")
    guard case .changed(_, "b", "the caption is another one") = try refused(crawl) else {
      Issue.record("another error")
      return
    }
  }

  @Test func shardThatIsGoneIsNamed() throws {
    let crawl = try crawl()
    let path = crawl.folder.file("crawl/00000.tar")
    try FileManager.default.removeItem(atPath: path)
    #expect(
      try refused(crawl)
        == .unreadable(source: path, key: "a", reason: "the image file is not there"))
  }

  @Test func fileOfItsOwnThatHasChangedIsRefused() throws {
    let folder = try TemporaryFolder()
    try folder.write("crawl/a.jpg", [0xFF, 0xD8, 0xFF, 1])
    try folder.write("crawl/captions.tsv", "filepath\ttitle\na.jpg\tsafe\n")
    let crawl = try SmallCrawl(in: folder, reading: folder.file("crawl"))
    try folder.write("crawl/a.jpg", [0xFF, 0xD8, 0xFF, 2])
    guard case .changed(let source, "a.jpg", _) = try refused(crawl) else {
      Issue.record("another error")
      return
    }
    #expect(source == folder.file("crawl/a.jpg"))
    try FileManager.default.removeItem(atPath: folder.file("crawl/a.jpg"))
    guard case .unreadable = try refused(crawl) else {
      Issue.record("another error")
      return
    }
  }

  @Test func folderWithFilesIsReplacedOnlyWhereItIsAnExport() throws {
    let crawl = try crawl()
    try crawl.folder.write("out/notes.txt", "mine")
    let path = crawl.folder.file("out")
    #expect(try refused(crawl) == .folderHasFiles(path: path, name: "notes.txt"))
    #expect(
      try refused(crawl, replaces: true) == .folderHasOtherFiles(path: path, name: "notes.txt"))
    #expect(try String(contentsOfFile: path + "/notes.txt", encoding: .utf8) == "mine")
    try FileManager.default.removeItem(atPath: path + "/notes.txt")
    #expect(try crawl.export(PairChoice(.all), pairsPerShard: 1).shards == 2)
    #expect(try refused(crawl) == .folderHasFiles(path: path, name: "00000.tar"))
    #expect(try crawl.export(PairChoice(.safe), replaces: true).shards == 1)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: path).sorted() == [
        "00000.tar", "00000_stats.json",
      ])
  }

  @Test func crawlIsNotReplacedByItsOwnExport() throws {
    let crawl = try crawl()
    let path = crawl.folder.file("crawl")
    #expect(
      try refused(crawl, replaces: true, to: "crawl")
        == .folderHoldsSource(path: path, source: path + "/00000.tar"))
    try crawl.folder.link("link", to: path)
    guard case .folderHoldsSource = try refused(crawl, replaces: true, to: "link") else {
      Issue.record("another error")
      return
    }
    #expect(try crawl.members(of: "crawl/00000.tar").count == 4)
  }

  @Test func somethingElseOfTheNameIsRefused() throws {
    let crawl = try crawl()
    try crawl.folder.write("out", "a file")
    #expect(
      try refused(crawl, replaces: true) == .notAFolder(path: crawl.folder.file("out")))
  }

  @Test func placeThatCannotBeWrittenIsTold() throws {
    let crawl = try crawl()
    #expect(throws: DumpError.self) {
      let export = ShardExport(PairChoice(.all), folder: "/proc/none/out")
      _ = try crawl.report.read { try $0.exportShards(export, of: crawl.run) }
    }
  }

  @Test func leftoverOfAKilledExportIsReplaced() throws {
    let crawl = try crawl()
    try crawl.folder.write(".out.partial/00007.tar", "half a shard")
    #expect(try crawl.export(PairChoice(.all)).pairs == 2)
    #expect(try crawl.folder.names == ["crawl", "out"])
    #expect(try crawl.members(of: "out/00000.tar").count == 4)
  }
}
