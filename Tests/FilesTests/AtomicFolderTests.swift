import AuditFiles
import Foundation
import TestSupport
import Testing

struct AtomicFolderTests {
  private let place: TemporaryFolder
  private let path: String

  init() throws {
    place = try TemporaryFolder()
    path = place.file("model")
  }

  private func write(_ name: String, at path: String) throws {
    let folder = try AtomicFolder(path: path)
    try AtomicFile.write(name.utf8, to: Folder.join(folder.temporaryPath, name))
    try folder.finish()
  }

  private var names: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: path) }
  }

  @Test func itReplacesTheOldFolderAsAWhole() throws {
    try write("old.txt", at: path)
    #expect(try names == ["old.txt"])
    let folder = try AtomicFolder(path: path + "/")
    try AtomicFile.write([], to: Folder.join(folder.temporaryPath, "new.txt"))
    #expect(try names == ["old.txt"])
    try folder.finish()
    #expect(try names == ["new.txt"])
    #expect(try place.names == ["model"])
  }

  @Test func droppedItLeavesTheOldFolderAndNothingElse() throws {
    try write("old.txt", at: path)
    do {
      let folder = try AtomicFolder(path: path)
      try AtomicFile.write([], to: Folder.join(folder.temporaryPath, "new.txt"))
    }
    #expect(try names == ["old.txt"])
    #expect(try place.names == ["model"])
  }

  @Test func whatAKilledWriterLeftIsNotTakenAlong() throws {
    try place.write(".model.partial/half.txt", "half")
    try write("new.txt", at: path)
    #expect(try names == ["new.txt"])
    #expect(try place.names == ["model"])
  }

  @Test func foldersAboveAreMade() throws {
    try write("new.txt", at: place.file("a/b/model"))
    #expect(try place.names == ["a"])
  }

  @Test func aFileInItsPlaceStays() throws {
    try place.write("model", "mine")
    #expect(throws: FileError("name", path, code: ENOTDIR)) { try write("new.txt", at: path) }
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "mine")
    #expect(try place.names == ["model"])
  }
}
