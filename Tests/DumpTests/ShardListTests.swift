import AuditDump
import AuditFiles
import Foundation
import Testing
import TestSupport

/// Text files that name shards.
struct ShardListTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    for name in ["0", "1", "2"] {
      var tar = TarBytes()
      tar.addPair(name)
      tar.end()
      try folder.write("\(name).tar", tar.bytes)
    }
  }

  @Test(arguments: [
    "0.tar\n1.tar\n2.tar", "\u{FEFF}0.tar\n1.tar\n2.tar\n", "0.tar \r\n\t1.tar\t\n 2.tar\n\n",
    "# shards\n{0..2}.tar\n", "0.tar::1.tar\n{2,}.tar\n",
  ])
  func linesNameShardsOrRangesOfThem(_ text: String) throws {
    let reading = try Reading(folder.write("shards.txt", text))
    #expect(reading.pairs.map(\.key) == ["0", "1", "2"])
    #expect(reading.findings == (text.contains("{2,}") ? [".tar unreadableFile"] : []))
  }

  @Test func aLineThatNamesNoShardIsRejectedAndTheOthersAreRead() throws {
    let lines = [
      "0.tar", "notes", "https://x.example/1.tar", "pipe:cat 1.tar", "{1..b}.tar", "2.tar",
    ]
    let path = try folder.write(
      "shards.list", Array(lines.joined(separator: "\n").utf8) + [10, 0xE9, 10])
    let reading = try Reading(path)
    #expect(reading.pairs.map(\.key) == ["0", "2"])
    #expect(reading.rejections.map(\.source) == [2, 3, 4, 5, 7].map { "\(path):\($0)" })
    #expect(Set(reading.rejections.map(\.reason)) == [.malformedRow])
    #expect(reading.rejections.map(\.offset) == [6, 12, 36, 51, 68])
  }

  @Test func aTextThatNamesNoShardIsNoList() throws {
    let path = try folder.write("notes.txt", "hello\nworld\n")
    #expect(throws: DumpError.self) { try Crawl.reader(for: path) }
  }

  @Test func aFileWithBracesInItsNameIsThatFile() throws {
    try FileManager.default.moveItem(
      atPath: folder.file("2.tar"), toPath: folder.file("a{1..2}.tar"))
    #expect(try Reading(folder.file("a{1..2}.tar")).pairs.map(\.key) == ["2"])
    let list = try folder.write("shards.txt", "0.tar\na{1..2}.tar\n")
    #expect(try Reading(list).pairs.map(\.key) == ["0", "2"])
  }

  /// What `gzip -n` and `zstd` make of three lines.
  private static let compressed = [
    ("gz", "H4sIAAAAAAACAzPQK0ks4jIEk0ZgEgA7Zbt4EgAAAA=="),
    ("zst", "KLUv/QRYkQAAMC50YXIKMS50YXIKMi50YXIKfq+eZw=="),
  ]

  @Test(arguments: compressed)
  func compressedListsAreRead(_ ending: String, _ base64: String) throws {
    let path = try folder.write(
      "shards.txt.\(ending)", [UInt8](#require(Data(base64Encoded: base64))))
    #expect(try Reading(path).pairs.map(\.key) == ["0", "1", "2"])
  }
}
