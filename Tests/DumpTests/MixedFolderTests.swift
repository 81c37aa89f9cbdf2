import AuditDump
import Foundation
import Testing
import TestSupport

/// Folders that hold more than one thing: nothing of them is passed over without a word.
struct MixedFolderTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func writeShard(_ name: String, key: String) throws {
    var tar = TarBytes()
    tar.addPair(key)
    tar.end()
    try folder.write(name, tar.bytes)
  }

  private func writePair(_ stem: String) throws {
    try folder.write("\(stem).jpg", "image")
    try folder.write("\(stem).txt", "a caption")
  }

  @Test func shardsAreReadAtAnyDepth() throws {
    try writeShard("00000.tar", key: "a")
    try writeShard("part2/00000.tar", key: "b")
    try writeShard("part2/more/00000.tar", key: "c")
    let reading = try Reading(folder.path)
    #expect(reading.pairs.map(\.key) == ["a", "b", "c"])
    #expect(reading.rejections == [])
  }

  @Test func imagesAndListsBesideShardsAreCounted() throws {
    try writeShard("00000.tar", key: "a")
    try writePair("b")
    try writePair("sub/c")
    try folder.write("README.md", "hello")
    try folder.write("00000_stats.json", "{}")
    try folder.write("labels.csv", "key,label\n")
    try folder.write("rows.csv", "filepath,title\nb.jpg,hello\n")
    let reading = try Reading(folder.path)
    #expect(reading.pairs.map(\.key) == ["a"])
    #expect(reading.findings == ["b.jpg otherFormat", "rows.csv otherFormat"])
    #expect(
      reading.rejections.map(\.message) == [
        "images beside shards are not read: 2 here; read them with --format imageFolder",
        """
        lists of images and captions beside shards are not read: 1 here; give the path of one to read it
        """,
      ])
    #expect(try Reading(folder.path, format: .imageFolder).pairs.map(\.key) == ["b", "sub/c"])
  }

  @Test func shardsBesideImagesAreCounted() throws {
    try writePair("a")
    try writeShard("sub/00000.tar", key: "b")
    let reading = try Reading(folder.path)
    #expect(reading.pairs.map(\.key) == ["a"])
    #expect(reading.findings == ["00000.tar otherFormat"])
    #expect(try Reading(folder.path, format: .webdataset).pairs.map(\.key) == ["b"])
  }

  @Test func foldersTooDeepToBeLookedIntoAreRejected() throws {
    try writePair("a")
    try writePair((0..<64).map { "d\($0)" }.joined(separator: "/") + "/b")
    #expect(try Reading(folder.path).pairs.count == 2)
    let deepest = (0..<65).map { "d\($0)" }.joined(separator: "/")
    try writePair("\(deepest)/c")
    let reading = try Reading(folder.path)
    #expect(reading.pairs.count == 2)
    #expect(reading.rejections.map(\.source) == [folder.file(deepest)])
    #expect(reading.rejections.map(\.reason) == [.unreadableFile])
  }

  @Test func namesThatAreNotUTF8AreRejected() throws {
    try writePair("a")
    for ending in ["jpg", "txt"] {
      let name = Array("\(folder.path)/caf".utf8) + [0xE9] + Array(".\(ending)".utf8)
      let descriptor = open(name.map { CChar(bitPattern: $0) } + [0], O_CREAT | O_WRONLY, 0o600)
      #expect(descriptor >= 0)
      close(descriptor)
    }
    let reading = try Reading(folder.path)
    #expect(reading.pairs.map(\.key) == ["a"])
    #expect(
      reading.findings == ["caf\u{FFFD}.jpg invalidName", "caf\u{FFFD}.txt invalidName"])
    #expect(reading.rejections.allSatisfy { $0.message.contains("not UTF-8") })
  }

  @Test func ofImagesOfOneNameOneIsReadAndTheOthersAreRejected() throws {
    for name in ["a.JPG", "a.jpg", "b.gif", "b.jpg", "b.png", "e\u{301}.png", "\u{E9}.png"] {
      try folder.write(name, "image")
    }
    for name in ["a.TXT", "a.txt", "b.caption", "b.txt", "\u{E9}.txt"] {
      try folder.write(name, "caption in \(name)")
    }
    let reading = try Reading(folder.path)
    let names = reading.pairs.map { $0.image.path.dropFirst(folder.path.count + 1) }
    #expect(
      names.map { Array($0.utf8) } == ["a.JPG", "b.jpg", "e\u{301}.png"].map { Array($0.utf8) })
    #expect(
      reading.pairs.map(\.caption) == [
        "caption in a.TXT", "caption in b.txt", "caption in \u{E9}.txt",
      ])
    #expect(
      reading.findings == [
        "a.jpg duplicateKey", "a.txt duplicateKey", "b.gif duplicateKey", "b.png duplicateKey",
        "\u{E9}.png duplicateKey",
      ])
  }
}
