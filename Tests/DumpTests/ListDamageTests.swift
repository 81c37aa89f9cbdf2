import AuditDump
import Foundation
import Testing
import TestSupport

/// Lists, compressed files and metadata, mutated: a reader may reject, but must come to an end, and what it accepts must
/// hold what it promises.
@Suite(.timeLimit(.minutes(20)))
struct ListDamageTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder(inMemory: true) }

  private func check(_ path: String, _ comment: Comment) throws {
    let reading: Reading
    do {
      reading = try Reading(path)
    } catch is DumpError {
      // The crawl as a whole is none any more.
      return
    }
    let files = ImageFiles()
    #expect(Set(reading.pairs.map(\.key)).count == reading.pairs.count, comment)
    for pair in reading.pairs {
      #expect(!pair.caption.isEmpty && !pair.caption.utf8.contains(0), comment)
      #expect(try !files.bytes(of: pair.image).isEmpty, comment)
    }
  }

  @Test(arguments: [
    ("lists/captions.jsonl.gz", "captions.jsonl.gz"), ("lists/table.csv.zst", "captions.csv.zst"),
    ("imagefolder/train/metadata.jsonl", "metadata.jsonl"),
    ("coco/annotations/captions_val.json", "captions_val.json"),
    ("conceptual-captions/Train_GCC-training.tsv", "Train.tsv"),
    ("files/00000/000000000.json", "0.json"), ("gzip/00000.tar.gz", "00000.tar.gz"),
    ("zstd/00000.tar.zst", "00000.tar.zst"), ("plain/shards.txt", "shards.txt"),
  ])
  func mutatedFilesAreReadOrRefused(_ fixture: String, _ name: String) throws {
    let whole = [UInt8](
      try Data(contentsOf: URL(filePath: Repository.crawl("formats/\(fixture)"))))
    for index in 0..<6 {
      try folder.write("\(index).png", "image \(index)")
      try folder.write("val/00000000000\(index).png", "image \(index)")
    }
    let isBeside = name == "0.json"
    for seed in 0..<UInt64(1500) {
      var random = TestRandom(seed: seed)
      let path = try folder.write(name, random.mutated(whole))
      try check(isBeside ? folder.path : path, "\(fixture), seed \(seed)")
    }
  }

  @Test(arguments: [
    "lists/captions.jsonl.gz", "lists/table.csv.zst", "coco/annotations/captions_val.json",
    "conceptual-captions/Train_GCC-training.tsv",
  ])
  func filesCutAtEveryPlaceAreReadOrRefused(_ fixture: String) throws {
    let whole = [UInt8](
      try Data(contentsOf: URL(filePath: Repository.crawl("formats/\(fixture)"))))
    for index in 0..<6 { try folder.write("\(index).png", "image \(index)") }
    let name = fixture.split(separator: "/").last.map(String.init) ?? ""
    for length in 0..<whole.count {
      let path = try folder.write(name, Array(whole[..<length]))
      try check(path, "\(fixture), cut at byte \(length)")
    }
  }

  @Test func whatLiesInFoldersOfImagesIsReadOrRejected() throws {
    try folder.write("a.png", "image")
    try folder.write("a.txt", "a caption")
    try folder.write("empty.png", "")
    try folder.write("empty.txt", "a caption")
    try folder.write("no-caption.jpg", "image")
    try folder.write("no-image.txt", "a caption")
    try folder.write("binary.png", "image")
    try folder.write("binary.txt", [0, 1])
    try folder.write("long.png", "image")
    try folder.write("long.txt", [UInt8](repeating: 0x61, count: 10_000_000))
    try folder.write("broken.png", "image")
    try folder.write("broken.json", "{")
    try folder.write("lone.json", "{}")
    try folder.write("sub/b.v2.png", "image")
    try folder.write("sub/b.v2.caption", "another")
    try folder.link("loop", to: ".")
    try folder.link("out.png", to: "/etc/hostname")
    try folder.write("out.txt", "leads out")
    try folder.link("self.png", to: "self.png")
    try folder.write("self.txt", "a loop")
    let reading = try Reading(folder.path)
    #expect(reading.pairs.map(\.key) == ["a", "sub/b.v2"])
    #expect(
      reading.findings == [
        "loop notAFile", "binary.txt captionNotText", "broken.json malformedJSON",
        "empty.png emptyImage", "long.txt captionTooLong", "no-caption.jpg missingCaption",
        "no-image.txt missingImage", "out.png pathOutsideCrawl", "self.png unreadableFile",
      ])
  }

  @Test func unreadableFoldersAreRejectedAndTheRestIsRead() throws {
    try folder.write("a.png", "image")
    try folder.write("a.txt", "a caption")
    try folder.write("locked/b.png", "image")
    try folder.write("locked/b.txt", "a caption")
    try FileManager.default.setAttributes(
      [.posixPermissions: 0], ofItemAtPath: folder.file("locked"))
    defer {
      try? FileManager.default.setAttributes(
        [.posixPermissions: 0o755], ofItemAtPath: folder.file("locked"))
    }
    let reading = try Reading(folder.path)
    // Root may read everything.
    let isRoot = geteuid() == 0
    #expect(reading.pairs.map(\.key) == (isRoot ? ["a", "locked/b"] : ["a"]))
    #expect(reading.findings == (isRoot ? [] : ["locked unreadableFile"]))
  }
}
