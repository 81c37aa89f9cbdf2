import AuditFiles
import Foundation
import TestSupport
import Testing

struct FolderTests {
  @Test(arguments: [
    ("a", ".", "a"), ("a/b", "a", "b"), ("/a", "/", "a"), ("/a/b.c", "/a", "b.c"), ("a/", "a", ""),
  ])
  func aPathHasAFolderAndAName(_ path: String, _ parent: String, _ name: String) {
    #expect(Folder.parent(of: path) == parent)
    #expect(Folder.name(of: path) == name)
  }

  @Test func joiningPutsOneSlash() {
    #expect(Folder.join("a", "b") == "a/b" && Folder.join("/", "b") == "/b")
    #expect(Folder.join("a/", "b") == "a/b")
  }

  @Test func creatingMakesTheFoldersAbove() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("a/b/c")
    try Folder.create(path)
    try Folder.create(path + "/")
    try Folder.create(path)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.file("a/b")) == ["c"])
  }

  @Test func aFileInTheWayIsAnError() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("a", "text")
    #expect(throws: FileError("create the folder", path, code: EEXIST)) {
      try Folder.create(path)
    }
    #expect(throws: FileError("create the folder", path + "/b", code: ENOTDIR)) {
      try Folder.create(path + "/b")
    }
  }

  @Test func aFolderIsSynchronizedWhereItCanBe() throws {
    let folder = try TemporaryFolder()
    try Folder.synchronize(folder.path)
    try Folder.synchronize("/proc")
    try Folder.synchronize("/nowhere")
  }
}
