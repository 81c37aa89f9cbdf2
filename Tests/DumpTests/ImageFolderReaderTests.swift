import AuditDump
import Foundation
import Testing
import TestSupport

struct ImageFolderReaderTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func findings(_ reading: Reading) -> [String] {
    reading.rejections.map {
      "\($0.source.dropFirst(folder.path.count + 1)) \($0.reason.rawValue): \($0.message)"
    }
  }

  @Test func whatIsWrongWithACaptionIsToldOfItsOwnFile() throws {
    for name in ["a", "b", "c", "d", "e", "f"] { try folder.write("\(name).jpg", "image") }
    try folder.write("a.json", "{broken")
    try folder.write("b.json", "{broken")
    try folder.write("b.txt", "the pair is kept without its origin")
    try folder.write("c.txt", "")
    try folder.link("d.txt", to: "d.txt")
    try folder.write("e.txt", [0xE9])
    try folder.link("f.txt", to: "nowhere")
    let reading = try Reading(folder.path)
    #expect(reading.pairs.map(\.key) == ["b"])
    #expect(
      findings(reading) == [
        "a.json malformedJSON: the .json file is not JSON",
        "b.json malformedJSON: the .json file is not JSON: the pair is kept without its origin and hash",
        "c.txt emptyCaption: the caption is empty",
        "d.txt unreadableFile: the caption cannot be looked at: Too many levels of symbolic links",
        "e.txt captionNotUTF8: the caption is not UTF-8",
        "f.txt missingCaption: the caption is not there",
      ])
  }

  // The superuser may read whatever it likes.
  @Test(.enabled(if: geteuid() != 0))
  func aCaptionThatMayNotBeReadSaysWhy() throws {
    try folder.write("a.jpg", "image")
    #expect(chmod(try folder.write("a.txt", "caption"), 0) == 0)
    #expect(
      findings(try Reading(folder.path, format: .imageFolder))
        == ["a.txt unreadableFile: it cannot be read: Permission denied"])
  }

  /// Hugging Face's cache: a folder of links into the folder `blobs` two folders above.
  private func writeSnapshot(_ contents: [(String, String)]) throws -> String {
    for (index, (name, content)) in contents.enumerated() {
      try folder.write("datasets--x--y/blobs/\(index)", content)
      try folder.link("datasets--x--y/snapshots/main/\(name)", to: "../../blobs/\(index)")
    }
    return folder.file("datasets--x--y/snapshots/main")
  }

  @Test func linksMayLeadWhereTheSettingAllows() throws {
    let snapshot = try writeSnapshot([("a.jpg", "image"), ("a.txt", "a caption")])
    let outside = try Reading(snapshot)
    #expect(outside.findings == ["a.jpg pathOutsideCrawl"])
    #expect(outside.rejections[0].message.contains("imageRoot"))
    var configuration = CrawlConfiguration()
    configuration.imageRoot = folder.file("datasets--x--y")
    let reading = try Reading(snapshot, configuration: configuration)
    #expect(reading.pairs.map(\.key) == ["a"])
    #expect(reading.rejections == [])
    #expect(try ImageFiles().bytes(of: reading.pairs[0].image) == Array("image".utf8))
    try folder.write("secret", "a secret")
    try folder.link("datasets--x--y/snapshots/main/b.txt", to: folder.file("secret"))
    try folder.link("datasets--x--y/snapshots/main/b.jpg", to: "a.jpg")
    #expect(
      try Reading(snapshot, configuration: configuration).findings == ["b.txt pathOutsideCrawl"])
  }

  @Test func aListOfLinksIsReadFromItsOwnFolder() throws {
    let snapshot = try writeSnapshot([
      ("1.jpg", "image"), ("metadata.csv", "file_name,text\n1.jpg,a caption\n2.jpg,another\n"),
    ])
    var configuration = CrawlConfiguration()
    configuration.imageRoot = folder.file("datasets--x--y")
    let reading = try Reading(snapshot, configuration: configuration)
    #expect(reading.pairs.map(\.key) == ["snapshots/main/1.jpg"])
    #expect(reading.findings == ["metadata.csv:3 missingImage"])
  }
}
