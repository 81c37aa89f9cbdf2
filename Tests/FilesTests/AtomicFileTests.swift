import AuditFiles
import Foundation
import TestSupport
import Testing

struct AtomicFileTests {
  private let folder: TemporaryFolder
  private let path: String

  init() throws {
    folder = try TemporaryFolder()
    path = folder.file("a.txt")
  }

  private func text() throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

  @Test func itAppearsWhenItIsFinished() throws {
    try folder.write("a.txt", "old")
    var file = try AtomicFile(path: path)
    try file.append("new ".utf8)
    #expect(try text() == "old")
    try file.append("text".utf8)
    try file.finish()
    #expect(try text() == "new text")
    #expect(try folder.names == ["a.txt"])
  }

  @Test func droppedItLeavesTheOldFileAndNothingElse() throws {
    try folder.write("a.txt", "old")
    do {
      var file = try AtomicFile(path: path)
      try file.append("new".utf8)
    }
    #expect(try text() == "old")
    #expect(try folder.names == ["a.txt"])
  }

  @Test func whatAKilledWriterLeftIsWrittenOver() throws {
    try folder.write(".a.txt.partial", String(repeating: "left over ", count: 100))
    try AtomicFile.write("new".utf8, to: path)
    #expect(try text() == "new")
    #expect(try folder.names == ["a.txt"])
  }

  @Test func aSecondWriterIsRefusedUntilTheFirstHasEnded() throws {
    let busy = FileError("create", path, code: EWOULDBLOCK)
    do {
      var first = try AtomicFile(path: path)
      #expect(throws: busy) { _ = try AtomicFile(path: path) }
      try first.append("first".utf8)
      try first.finish()
    }
    #expect(try text() == "first")
    do {
      let dropped = try AtomicFile(path: path)
      #expect(throws: busy) { try AtomicFile.write("second".utf8, to: path) }
      _ = consume dropped
    }
    try AtomicFile.write("third".utf8, to: path)
    #expect(try text() == "third")
    #expect(try folder.names == ["a.txt"])
  }

  @Test func manyWritersAtOnceLeaveTheWholeTextOfOneOfThem() throws {
    let texts = (0..<8).map { String(repeating: "\($0)", count: 100_000) }
    let (path, expected) = (path, Set(texts))
    DispatchQueue.concurrentPerform(iterations: texts.count) { index in
      for _ in 0..<20 {
        // Refusals are what is wanted of most of them.
        try? AtomicFile.write(texts[index].utf8, to: path)
      }
    }
    #expect(expected.contains(try text()))
    #expect(try folder.names == ["a.txt"])
  }

  @Test("bytes arrive whole and in order, however many at a time", arguments: [1, 1_000, 300_000])
  func sizes(_ pieceBytes: Int) throws {
    let whole = (0..<700_001).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
    var file = try AtomicFile(path: path)
    for start in stride(from: 0, to: whole.count, by: pieceBytes) {
      let piece = whole[start..<min(start + pieceBytes, whole.count)]
      // Without contiguous storage as well as with it.
      if start % 2 == 0 { try file.append(piece) } else { try file.append(piece.lazy.map { $0 }) }
    }
    try file.finish()
    #expect(try Array(Data(contentsOf: URL(filePath: path))) == whole)
  }

  @Test func bytesAtAPlaceDoNotMoveWhatIsAppended() throws {
    var file = try AtomicFile(path: path)
    try file.append("head".utf8)
    try Array("tail".utf8).withUnsafeBytes { try file.write($0, at: 8) }
    try file.append("body".utf8)
    try Array("H".utf8).withUnsafeBytes { try file.write($0, at: 0) }
    try file.finish()
    #expect(try text() == "Headbodytail")
  }

  @Test func emptyFilesAppearToo() throws {
    try AtomicFile.write([], to: path)
    #expect(try text().isEmpty)
  }

  @Test func aFolderThatIsNotThereIsAnError() {
    let path = folder.file("none/a.txt")
    #expect(throws: FileError("create", path, code: ENOENT)) {
      try AtomicFile.write([], to: path)
    }
  }

  @Test func aFolderInItsPlaceStays() throws {
    try Folder.create(path)
    #expect(throws: FileError("name", path, code: EISDIR)) { try AtomicFile.write([], to: path) }
    #expect(try folder.names == ["a.txt"])
  }

  @Test func aLinkInThePlaceOfTheFileBesideIsNotFollowed() throws {
    let other = try folder.write("other.txt", "mine")
    try folder.link(".a.txt.partial", to: other)
    #expect(throws: FileError("create", path, code: ELOOP)) { try AtomicFile.write([], to: path) }
    #expect(try String(contentsOfFile: other, encoding: .utf8) == "mine")
  }
}
