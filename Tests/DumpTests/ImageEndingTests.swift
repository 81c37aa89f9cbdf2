import AuditDump
import Foundation
import Testing
import TestSupport

/// Images and captions under endings that are not the usual ones.
struct ImageEndingTests {
  private static let png: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 13, 10, 26, 10, 0, 0, 0, 0]

  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func readShard(_ files: [(String, [UInt8])]) throws -> Reading {
    var tar = TarBytes()
    for (name, bytes) in files { tar.add(Array(name.utf8), bytes) }
    tar.end()
    return try Reading(folder.write("shard.tar", tar.bytes))
  }

  private func readFolder(_ files: [(String, [UInt8])]) throws -> Reading {
    for (name, bytes) in files { try folder.write("files/\(name)", bytes) }
    return try Reading(folder.file("files"))
  }

  /// What a shard, and a folder, of the same files give.
  private func readings(_ files: [(String, [UInt8])]) throws -> [Reading] {
    [try readShard(files), try readFolder(files)]
  }

  private func image(_ pair: Pair) -> String {
    pair.image.member ?? String(pair.image.path.dropFirst(folder.file("files/").count))
  }

  private func text(_ text: String) -> [UInt8] { Array(text.utf8) }

  @Test(arguments: [
    ("k.img.png", "k.txt"), ("k.image.jpg", "k.caption.txt"), ("k.jfif", "k.text.txt"),
    ("k.JPE", "k.txt"), ("k.jpg", "k.caption.txt"), ("k.img.png", "k.json"),
  ])
  func usualNamesOfTwoPartsAreOnePair(_ image: String, _ caption: String) throws {
    let content = caption.hasSuffix("json") ? #"{"caption": "hello"}"# : "hello"
    for reading in try readings([(image, text("image")), (caption, text(content))]) {
      #expect(reading.rejections == [])
      #expect(reading.pairs.map(\.key) == ["k"])
      #expect(reading.pairs.map(\.caption) == ["hello"])
      #expect(reading.pairs.map(self.image) == [image])
    }
  }

  @Test func aNameWithCompanyKeepsItsKeyInAFolder() throws {
    let reading = try readFolder([
      ("k.image.jpg", text("image")), ("k.image.txt", text("hello")), ("k.jpg", text("image")),
      ("k.txt", text("other")),
    ])
    #expect(reading.pairs.map(\.key) == ["k.image", "k"])
    #expect(reading.rejections == [])
  }

  @Test(arguments: ["k.dat", "k.0.bin", "k.bmp"])
  func anImageOfAnotherEndingIsToldFromItsBytes(_ name: String) throws {
    let files = [("k.cls", text("7")), (name, Self.png), ("k.txt", text("hello"))]
    // In a folder, names are cut at their last dot.
    for reading in try name == "k.0.bin" ? [readShard(files)] : readings(files) {
      #expect(reading.pairs.map(\.key) == ["k"])
      #expect(reading.pairs.map(image) == [name])
      #expect(reading.rejections == [])
    }
  }

  @Test func anImageWithoutEndingIsOneInAFolder() throws {
    try folder.write("k", Self.png)
    try folder.write("k.txt", "hello")
    let reading = try Reading(folder.path)
    #expect(reading.pairs.map(\.image.path) == [folder.file("k")])
  }

  @Test func aKnownEndingComesBeforeAnotherOne() throws {
    for reading in try readings([
      ("k.mask", Self.png), ("k.png", text("image")), ("k.txt", text("hello")),
    ]) {
      #expect(reading.pairs.map(image) == ["k.png"])
    }
  }

  @Test func otherFilesAreNoImages() throws {
    let files = [("k.cls", text("7")), ("k.empty", []), ("k.txt", text("hello"))]
    let shard = try readShard(files)
    #expect(shard.findings == ["shard.tar!k missingImage"])
    #expect(shard.rejections[0].message.contains(".cls, .empty"))
    #expect(throws: DumpError.self) { try readFolder(files) }
    try folder.write("files/a.jpg", "image")
    try folder.write("files/a.txt", "a")
    let reading = try Reading(folder.file("files"))
    #expect(reading.findings == ["k.txt missingImage"])
    #expect(reading.rejections[0].message.contains("k.cls, k.empty"))
  }
}
