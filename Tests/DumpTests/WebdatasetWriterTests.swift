import AuditDump
import Foundation
import Testing
import TestSupport

struct WebdatasetWriterTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func writtenPairsAreReadBack() throws {
    let pairs = try Reading(Repository.crawl("shapes")).pairs
    let files = ImageFiles()
    let target = "\(folder.path)/new/crawl"
    var writer = try WebdatasetWriter(folder: target, pairsPerShard: 50)
    for pair in pairs {
      try writer.append(key: pair.key, caption: pair.caption, image: files.bytes(of: pair.image))
    }
    #expect(try writer.finish() == 4)
    let copies = try Reading(target)
    #expect(copies.rejections == [])
    #expect(copies.pairs.map(\.key) == pairs.map(\.key))
    #expect(copies.pairs.map(\.caption) == pairs.map(\.caption))
    for (pair, copy) in zip(pairs, copies.pairs) {
      #expect(try files.bytes(of: copy.image) == files.bytes(of: pair.image))
    }
  }

  @Test func keysWithDotsAndFoldersStayUnique() throws {
    var writer = try WebdatasetWriter(folder: folder.path)
    let keys = ["a", "a.png", "a%2Epng", "v1.2/a.b.c", "v1.2/a"]
    for key in keys { try writer.append(key: key, caption: key, image: [0xFF, 0xD8, 0xFF]) }
    #expect(try writer.finish() == 1)
    let reading = try Reading(folder.path)
    #expect(reading.pairs.map(\.caption) == keys)
    #expect(
      reading.pairs.map(\.key) == ["a", "a%2Epng", "a%252Epng", "v1.2/a%2Eb%2Ec", "v1.2/a"])
  }

  @Test func keysThatAreNoPathsInsideAFolderAreFoundAgain() throws {
    var writer = try WebdatasetWriter(folder: folder.path)
    let keys = ["/data/a.png", "data/a.png", "a/../b", "./c", "c", "a//b", "%2Fdata", ".."]
    for key in keys { try writer.append(key: key, caption: key, image: [0xFF, 0xD8, 0xFF]) }
    #expect(try writer.finish() == 1)
    let reading = try Reading(folder.path)
    #expect(reading.rejections == [] && reading.pairs.map(\.caption) == keys)
    #expect(reading.pairs.map(\.key) == keys.map(WebdatasetKey.escaped))
    #expect(
      reading.pairs.map(\.key) == [
        "%2Fdata%2Fa%2Epng", "data/a%2Epng", "a%2F%2E%2E%2Fb", "%2E%2Fc", "c", "a%2F%2Fb",
        "%252Fdata",
        "%2E%2E",
      ])
  }

  @Test func membersOfAnyKindAreWrittenUnlessTheShardHasThem() throws {
    var writer = try WebdatasetWriter(folder: folder.path, pairsPerShard: 2)
    let source = try PositionedFile(path: folder.write("source", "0123456789"))
    try writer.append(
      key: "a.b/c",
      [("jpg", .stretch(of: source, offset: 3, byteCount: 4)), ("txt", .bytes([65]))])
    for key in ["a.b/c", "x.y", "", "../a"] {
      #expect(throws: DumpError.self) { try writer.append(key: key, [("JPG", .bytes([1]))]) }
    }
    #expect(throws: DumpError.self) {
      try writer.append(key: "d", [("jpg", .stretch(of: source, offset: 3, byteCount: 8))])
    }
  }

  @Test func stretchOfAFileIsCopiedAsItIs() throws {
    let bytes = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
    let source = try PositionedFile(path: folder.write("source", bytes))
    let target = folder.file("out")
    var writer = try WebdatasetWriter(folder: target, pairsPerShard: 1, writesStatistics: true)
    for (key, count) in [("a", 2_999_990), ("b", 1 << 20)] {
      try writer.append(
        key: key,
        [("jpg", .stretch(of: source, offset: 10, byteCount: Int64(count))), ("txt", .bytes([65]))])
    }
    #expect(try writer.finish() == 2)
    let pairs = try Reading(target).pairs
    let files = ImageFiles()
    #expect(try files.bytes(of: pairs[0].image) == Array(bytes[10...]))
    #expect(try files.bytes(of: pairs[1].image) == Array(bytes[10..<(10 + (1 << 20))]))
    #expect(
      try String(contentsOfFile: "\(target)/00001_stats.json", encoding: .utf8) == """
        {
            "count": 1,
            "successes": 1,
            "failed_to_download": 0,
            "failed_to_resize": 0,
            "duration": 0,
            "start_time": 0,
            "end_time": 0,
            "status_dict": {
                "success": 1
            }
        }
        """)
  }

  @Test func theExtensionFollowsTheBytes() throws {
    var writer = try WebdatasetWriter(folder: folder.path)
    try writer.append(key: "a", caption: "a", image: [0xFF, 0xD8, 0xFF, 0xE0])
    try writer.append(key: "b", caption: "b", image: [0x89, 0x50, 0x4E, 0x47])
    try writer.append(key: "c", caption: "c", image: Array("RIFF....WEBP".utf8))
    try writer.append(key: "d", caption: "d", image: Array("GIF89a".utf8))
    #expect(throws: DumpError.self) {
      try writer.append(key: "e", caption: "e", image: Array("BM6".utf8))
    }
    _ = try writer.finish()
    #expect(
      try Reading(folder.path).pairs.map(\.image.member) == ["a.jpg", "b.png", "c.webp", "d.gif"])
  }

  @Test func nothingButWholeShardsAppears() throws {
    do {
      var writer = try WebdatasetWriter(folder: folder.path, pairsPerShard: 2)
      for key in ["a", "b", "c"] {
        try writer.append(key: key, caption: key, image: [0xFF, 0xD8, 0xFF])
      }
    }
    #expect(try folder.names == ["00000.tar"])
  }
}
