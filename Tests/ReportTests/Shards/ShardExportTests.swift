import AuditDump
import AuditReport
import Foundation
import TestSupport
import Testing

struct ShardExportTests {
  private static let shards: [String: [(String, String)]] = [
    "00000.tar": [
      ("a.jpg", "image a"), ("a.json", #"{"uid": "1"}"#), ("b.txt", "risky b\n"), ("a.cls", "7"),
      ("b.PNG", "image b"), ("a.txt", "  safe a\r\n"), ("c.jpg", "no caption"),
    ],
    "00001.tar": [
      ("a.jpg", "other a"), ("a.txt", "safe again"), ("x/d.jpg", "image d"),
      ("x/d.json", #"{"caption": "safe d"}"#), ("x/d.d.npy", "vector"), ("notes", "no key"),
    ],
  ]

  @Test func allMembersOfThePairsAreCopiedInTheCrawlsOrder() throws {
    let crawl = try SmallCrawl(Self.shards)
    let summary = try crawl.export(PairChoice(.all))
    #expect(summary == ShardExport.Summary(pairs: 4, shards: 1))
    #expect(
      try crawl.members(of: "out/00000.tar") == [
        "a.jpg=image a", #"a.json={"uid": "1"}"#, "a.cls=7", "a.txt=  safe a\r\n",
        "b.txt=risky b\n", "b.PNG=image b", "00001/a.jpg=other a", "00001/a.txt=safe again",
        "x/d.jpg=image d", #"x/d.json={"caption": "safe d"}"#, "x/d.d.npy=vector",
      ])
    // A report about the copy has the same pairs.
    let copy = try SmallCrawl(in: crawl.folder, reading: crawl.folder.file("out"))
    func pairs(_ crawl: SmallCrawl) throws -> [[String]] {
      try crawl.report.read { try $0.pairs(of: crawl.run) }.pairs.map {
        [$0.pair.key, $0.pair.caption, "\($0.pair.imageSHA256 ?? [])"]
      }
    }
    #expect(try pairs(copy) == pairs(crawl))
  }

  @Test(arguments: ["gzip", "zstd"])
  func compressedShardsGiveTheSameShards(_ compression: String) throws {
    let written = try ["plain", compression].map { name in
      let crawl = try SmallCrawl(
        in: TemporaryFolder(), reading: Repository.crawl("formats/\(name)"))
      #expect(try crawl.export(PairChoice(.all)).pairs == 6)
      return try Data(contentsOf: URL(filePath: crawl.folder.file("out/00000.tar")))
    }
    #expect(written[0] == written[1])
  }

  @Test func selectionAndRiskChooseAndKeysOfTwoShardsAreToldApart() throws {
    let crawl = try SmallCrawl(Self.shards)
    #expect(try crawl.export(PairChoice(.safe), to: "safe").pairs == 3)
    #expect(
      try crawl.members(of: "safe/00000.tar").filter { $0.contains(".jpg") } == [
        "a.jpg=image a", "00001/a.jpg=other a", "x/d.jpg=image d",
      ])
    try crawl.export(PairChoice(.risky), to: "risky")
    #expect(try crawl.members(of: "risky/00000.tar") == ["b.txt=risky b\n", "b.PNG=image b"])
    try crawl.export(PairChoice(.safe, minimumRisk: 0.9), to: "most")
    #expect(try crawl.members(of: "most/00000.tar").first == "a.jpg=image a")
    #expect(try crawl.members(of: "most/00000.tar").count == 4)
    // The first two by key, in the crawl's order.
    try crawl.export(PairChoice(.all, order: .key, limit: 2), to: "two")
    #expect(
      try crawl.members(of: "two/00000.tar").map { $0.prefix { $0 != "." } } == [
        "a", "a", "a", "a", "00001/a", "00001/a",
      ])
  }

  @Test func shardsHaveSoManyPairsAndStatisticsBesideThem() throws {
    let crawl = try SmallCrawl(Self.shards)
    #expect(try crawl.export(PairChoice(.all), pairsPerShard: 3).shards == 2)
    let names = try FileManager.default.contentsOfDirectory(atPath: crawl.folder.file("out"))
    #expect(
      names.sorted() == [
        "00000.tar", "00000_stats.json", "00001.tar", "00001_stats.json",
      ])
    #expect(try crawl.members(of: "out/00001.tar").first == "x/d.jpg=image d")
    let data = try Data(contentsOf: URL(filePath: crawl.folder.file("out/00000_stats.json")))
    let statistics = try #require(
      try JSONSerialization.jsonObject(with: data) as? [String: Any])
    #expect(
      Set(statistics.keys) == [
        "count", "successes", "failed_to_download", "failed_to_resize", "duration", "start_time",
        "end_time", "status_dict",
      ])
    #expect(statistics["count"] as? Int == 3 && statistics["successes"] as? Int == 3)
    #expect(statistics["failed_to_download"] as? Int == 0)
    #expect(statistics["status_dict"] as? [String: Int] == ["success": 3])
  }

  @Test func samePairsGiveTheSameBytes() throws {
    let crawl = try SmallCrawl(Self.shards)
    for name in ["one", "two"] { try crawl.export(PairChoice(.all), pairsPerShard: 2, to: name) }
    for name in ["00000.tar", "00000_stats.json", "00001.tar", "00001_stats.json"] {
      let files = try ["one", "two"].map {
        try Data(contentsOf: URL(filePath: crawl.folder.file("\($0)/\(name)")))
      }
      #expect(files[0] == files[1])
    }
  }

  @Test func captionsOfAnotherFieldAreThoseOfTheRun() throws {
    var configuration = CrawlConfiguration()
    configuration.captionKey = "alt"
    let crawl = try SmallCrawl(
      ["00000.tar": [("a.jpg", "A"), ("a.json", #"{"alt": "safe"}"#)]], configuration: configuration
    )
    // The run's own configuration names no field here.
    #expect(throws: ShardExportError.self) { try crawl.export(PairChoice(.all)) }
    let run = try crawl.report.store.beginRun(
      NewRun(
        crawlPath: "crawl", crawlFormat: "webdataset", method: "clip", preset: "compact",
        configuration: #"{"crawl": {"captionKey": "alt"}, "more": 1}"#, seed: 1, threads: 1))
    let pairs = try crawl.report.read { try $0.pairs(of: crawl.run) }.pairs.map(\.pair)
    try crawl.report.store.replacePairs(of: run, with: pairs)
    try crawl.report.store.finishRun(
      run, scores: PairScores(similarities: [0], posteriors: [1], risks: [0]),
      safeSet: SafeSetBitmap([true]))
    let export = ShardExport(PairChoice(.safe), folder: crawl.folder.file("out"))
    #expect(try crawl.report.read { try $0.exportShards(export, of: run) }.pairs == 1)
  }

  @Test func filesOfTheirOwnBecomeMembers() throws {
    let folder = try TemporaryFolder()
    let jpeg: [UInt8] = [0xFF, 0xD8, 0xFF, 1]
    let png: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 2]
    try folder.write("crawl/images/a.b.jpeg", jpeg)
    try folder.write("crawl/c.png", png)
    try folder.write(
      "crawl/captions.tsv",
      """
      filepath\ttitle
      images/a.b.jpeg\tsafe one
      images/a.b.jpeg\tsafe “two”
      images/../c.png\tsafe three
      \(folder.file("crawl/c.png"))\tsafe four

      """)
    let crawl = try SmallCrawl(in: folder, reading: folder.file("crawl/captions.tsv"))
    #expect(try crawl.export(PairChoice(.safe)).pairs == 4)
    var pairs: [Pair] = []
    try Crawl.reader(for: folder.file("out")).read { record in
      if case .pair(let pair) = record { pairs.append(pair) }
    }
    #expect(pairs.map(\.caption) == ["safe one", "safe “two”", "safe three", "safe four"])
    let files = ImageFiles()
    #expect(try pairs.map { try files.bytes(of: $0.image) } == [jpeg, jpeg, png, png])
    #expect(
      pairs.prefix(3).map(\.key) == [
        "images/a%2Eb%2Ejpeg", "images/a%2Eb%2Ejpeg#2", "images%2F%2E%2E%2Fc%2Epng",
      ])
    #expect(pairs[3].key.hasPrefix("%2F") && pairs[3].key.hasSuffix("crawl%2Fc%2Epng"))
  }

  @Test func whatLiesBesideAnImageIsCopiedByteForByte() throws {
    let folder = try TemporaryFolder()
    let json = #"{"url": "https://x.example/1.png", "uid": "1", "caption": "safe b"}"#
    for (name, content) in [
      ("0/a.png", "\u{89}PNG"), ("0/a.txt", " safe a\n"), ("0/a.json", json), ("b.png", "b"),
      ("b.json", json), ("c.png", "c"), ("c.CAPTION", "safe c"), ("c.cls", "7"),
    ] {
      let isImage = name.hasSuffix("png")
      try folder.write(
        "crawl/\(name)", isImage ? [0x89, 0x50, 0x4E, 0x47, 1] : Array(content.utf8))
    }
    let crawl = try SmallCrawl(in: folder, reading: folder.file("crawl"))
    #expect(try crawl.export(PairChoice(.safe)).pairs == 3)
    #expect(
      try crawl.members(of: "out/00000.tar").filter { !$0.contains("PNG") } == [
        "b.txt=safe b", "b.json=\(json)", "c.caption=safe c", "0/a.txt= safe a\n",
        "0/a.json=\(json)",
      ])
  }

  @Test func aListsCaptionIsNotReplacedByOneThatLiesBesideTheImage() throws {
    let folder = try TemporaryFolder()
    try folder.write("crawl/a.png", [0x89, 0x50, 0x4E, 0x47, 1])
    try folder.write("crawl/a.txt", "another caption")
    try folder.write("crawl/a.json", "{}")
    try folder.write("crawl/list.csv", "filepath,title\na.png,safe a\n")
    let crawl = try SmallCrawl(in: folder, reading: folder.file("crawl/list.csv"))
    #expect(try crawl.export(PairChoice(.safe)).pairs == 1)
    #expect(try crawl.members(of: "out/00000.tar").last == "a%2Epng.txt=safe a")
    #expect(try crawl.members(of: "out/00000.tar").count == 2)
  }

  @Test func noPairsLeaveAnEmptyFolder() throws {
    let crawl = try SmallCrawl(["00000.tar": [("a.jpg", "A"), ("a.txt", "risky")]])
    #expect(try crawl.export(PairChoice(.safe)) == ShardExport.Summary(pairs: 0, shards: 0))
    #expect(try FileManager.default.contentsOfDirectory(atPath: crawl.folder.file("out")) == [])
  }
}
