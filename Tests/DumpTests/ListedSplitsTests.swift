import AuditDump
import Foundation
import Testing
import TestSupport

/// Hugging Face's imagefolder with a list for each split.
struct ListedSplitsTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func writeSplit(_ name: String, header: String = "file_name,text") throws {
    try folder.write("\(name)/1.png", "image")
    try folder.write("\(name)/metadata.csv", "\(header)\n1.png,a caption of \(name)\n")
  }

  @Test func aSplitWhoseListHasOtherColumnsIsRejected() throws {
    try writeSplit("train")
    try writeSplit("test", header: "x,y")
    let reading = try Reading(folder.path)
    #expect(reading.pairs.map(\.key) == ["train/1.png"])
    #expect(reading.rejections.map(\.source) == [folder.file("test/metadata.csv")])
    #expect(reading.rejections.map(\.reason) == [.malformedRow])
    #expect(reading.rejections[0].message.contains("'x', 'y'"))
  }

  @Test func splitsOfWhichNoneHasTheColumnsAreAnErrorThatSaysSo() throws {
    try folder.write("test/metadata.csv", "x,y\n")
    let error = #expect(throws: DumpError.self) { try Crawl.reader(for: folder.path) }
    #expect(error?.description.contains("'x', 'y'") == true)
  }

  @Test func aSecondListInASplitIsRejected() throws {
    try writeSplit("train")
    try folder.write("train/metadata.jsonl", #"{"file_name": "1.png", "text": "again"}"#)
    let reading = try Reading(folder.path)
    #expect(reading.pairs.map(\.caption) == ["a caption of train"])
    #expect(reading.findings == ["metadata.jsonl otherFormat"])
  }

  // The superuser may read whatever it likes.
  @Test(.enabled(if: geteuid() != 0))
  func aSplitThatCannotBeListedIsRejected() throws {
    try writeSplit("train")
    try writeSplit("test")
    #expect(chmod(folder.file("test"), 0) == 0)
    defer { chmod(folder.file("test"), 0o700) }
    let reading = try Reading(folder.path)
    #expect(reading.pairs.map(\.key) == ["train/1.png"])
    #expect(reading.findings == ["test unreadableFile"])
  }

  @Test func splitsInTheFolderDataAreFoundFromAbove() throws {
    try writeSplit("data/train")
    try writeSplit("data/test")
    let reading = try Reading(folder.path)
    #expect(reading.pairs.map(\.key) == ["data/test/1.png", "data/train/1.png"])
    #expect(reading.pairs.map(\.caption).last == "a caption of data/train")
    #expect(reading.rejections == [])
    #expect(try Reading(folder.file("data")).pairs.map(\.key) == ["test/1.png", "train/1.png"])
  }
}
