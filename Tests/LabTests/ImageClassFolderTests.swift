import AuditDump
import AuditLab
import AuditPixels
import AuditRisk
import AuditTraining
import Foundation
import Testing
import TestSupport

@Suite(.timeLimit(.minutes(20))) struct ImageClassFolderTests {
  /// A square of one colour.
  private static func image(_ colour: [UInt8]) throws -> [UInt8] {
    let pixels = (0..<256).flatMap { _ in colour }
    return [UInt8](try Bitmap(width: 16, height: 16, pixels: pixels).png())
  }

  @Test("of each class half is to learn from, by seed, and names are as prompts say them")
  func halves() throws {
    let folder = try TemporaryFolder()
    for name in ["ice_cream", "car"] {
      for number in 0..<7 { try folder.write("\(name)/\(number).png", [1, 2, 3]) }
      try folder.write("\(name)/.hidden", "")
    }
    try folder.write("readme.txt", "")
    let images = try ImageClassFolder(path: folder.path, seed: 3)
    #expect(images.classNames == ["car", "ice cream"])
    for name in images.classNames {
      #expect(images.training.count { $0.caption == name } == 3)
      #expect(images.test.count { $0.caption == name } == 4)
    }
    #expect(Set((images.training + images.test).map(\.key)).count == 14)
    let again = try ImageClassFolder(path: folder.path, seed: 3)
    #expect(again.training.map(\.key) == images.training.map(\.key))
    let other = try ImageClassFolder(path: folder.path, seed: 4)
    #expect(other.training.map(\.key) != images.training.map(\.key))
  }

  @Test("train and test are what their folders say")
  func divided() throws {
    let folder = try TemporaryFolder()
    for part in ["train", "test"] {
      for name in ["a", "b"] { try folder.write("\(part)/\(name)/\(part).png", [1]) }
    }
    let images = try ImageClassFolder(path: folder.path, seed: 0)
    #expect(images.training.allSatisfy { $0.image.path.hasSuffix("train.png") })
    #expect(images.test.allSatisfy { $0.image.path.hasSuffix("test.png") })
    #expect(images.training.count == 2 && images.test.count == 2)
    // What lies beside them is no class.
    try folder.write("val/a/val.png", [1])
    let again = try ImageClassFolder(path: folder.path, seed: 0)
    #expect(again.classNames == ["a", "b"] && again.test.map(\.key) == images.test.map(\.key))
  }

  @Test(
    "a class that only one of train and test has is refused, not left out",
    arguments: ["train", "test"])
  func missingInOnePart(part: String) throws {
    let folder = try TemporaryFolder()
    for part in ["train", "test"] {
      for name in ["a", "b"] { try folder.write("\(part)/\(name)/0.png", [1]) }
    }
    try folder.write("\(part)/c/0.png", [1])
    #expect {
      try ImageClassFolder(path: folder.path, seed: 0)
    } throws: {
      "\($0)".contains("'c'")
    }
  }

  @Test("what cannot be measured on is refused before anything is trained")
  func refused() throws {
    let folder = try TemporaryFolder()
    #expect(throws: LabError.self) { try ImageClassFolder(path: folder.file("none"), seed: 0) }
    try folder.write("one/0.png", [1])
    #expect(throws: LabError.self) { try ImageClassFolder(path: folder.path, seed: 0) }
    try folder.write("two/0.png", [1])
    #expect(throws: LabError.self) { try ImageClassFolder(path: folder.path, seed: 0) }
    let tiny = try TinyLab()
    tiny.lab.labelledImages = folder.path
    #expect(throws: LabError.self) { try tiny.run() }
    #expect(!FileManager.default.fileExists(atPath: tiny.database))
  }

  @Test("a model is measured on the user's images, which a probe tells apart by their colour")
  func measured() throws {
    let tiny = try TinyLab()
    for (name, colour) in [("red", [200, 30, 30]), ("blue", [30, 30, 200])] {
      for number in 0..<10 {
        let shade = colour.map { UInt8($0 + number) }
        try tiny.folder.write("images/\(name)/\(number).png", try Self.image(shade))
      }
    }
    try tiny.folder.write("images/red/broken.png", "no image")
    tiny.lab.labelledImages = tiny.folder.file("images")
    tiny.lab.methods = [TrialMethod(.clip)]
    tiny.lab.firstSeed = 1
    #expect(try tiny.run().failures.isEmpty)
    let groups = try TrialGroup.all(in: try LabStore(existing: tiny.database))
    let group = try #require(groups.first)
    let probe = try #require(group.estimate("linearProbeAccuracy", "labelledImages"))
    #expect(probe.value > 0.8, "\(probe)")
    let zeroShot = try #require(group.estimate("zeroShotAccuracy", "labelledImages"))
    #expect(zeroShot.lower < zeroShot.value || zeroShot.upper > zeroShot.value)
    let table = LabTable.overview(groups)
    #expect(table.columns.suffix(2) == ["zero-shot, labelled", "probe, labelled"])
    #expect(table.rows[0].count == table.columns.count)
  }
}
