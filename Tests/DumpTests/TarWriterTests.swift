import AuditDump
import Foundation
import Testing
import TestSupport

struct TarWriterTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private static let names = [
    "plain.jpg", "folder/plain.txt", "図形/赤.jpg", String(repeating: "n", count: 100),
    String(repeating: "n", count: 101),
    String(repeating: "p", count: 155) + "/"
      + String(repeating: "n", count: 100),
    String(repeating: "p", count: 156) + "/" + String(repeating: "n", count: 100),
    String(repeating: "long/", count: 200) + "end.jpg",
  ]

  private func write(_ name: String) throws -> String {
    let path = "\(folder.path)/\(name)"
    var writer = try TarWriter(path: path)
    for (index, name) in Self.names.enumerated() {
      try writer.append(name, [UInt8](repeating: UInt8(index), count: index * 300))
    }
    try writer.finish()
    return path
  }

  @Test func whatIsWrittenIsReadBack() throws {
    var archive = TarArchive(file: try PositionedFile(path: write("a.tar")))
    for (index, name) in Self.names.enumerated() {
      guard case .member(let member) = try archive.next() else {
        Issue.record("no member \(name)")
        return
      }
      #expect(member.name == Array(name.utf8))
      #expect(
        try archive.bytes(of: member) == [UInt8](repeating: UInt8(index), count: index * 300)[...])
    }
    #expect(try archive.next() == nil)
  }

  @Test(.enabled(if: Fixtures.exists("/usr/bin/tar") || Fixtures.exists("/bin/tar")))
  func tarListsWhatIsWritten() throws {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["tar", "--quoting-style=literal", "-tf", try write("b.tar")]
    process.environment = ["LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let listed = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    #expect(String(decoding: listed, as: UTF8.self) == Self.names.map { $0 + "\n" }.joined())
  }

  @Test func sameMembersGiveSameBytes() throws {
    let first = try Data(contentsOf: URL(filePath: write("c.tar")))
    #expect(try Data(contentsOf: URL(filePath: write("d.tar"))) == first)
  }

  @Test func anUnfinishedArchiveLeavesNothing() throws {
    do {
      var writer = try TarWriter(path: "\(folder.path)/e.tar")
      try writer.append("a.jpg", [1, 2, 3])
      #expect(try folder.names.count == 1)
    }
    #expect(try folder.names == [])
  }

  @Test func anUnfinishedArchiveKeepsTheOldOne() throws {
    let path = try folder.write("f.tar", "old")
    do {
      var writer = try TarWriter(path: path)
      try writer.append("a.jpg", [UInt8](repeating: 1, count: 1 << 20))
    }
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "old")
    #expect(try folder.names == ["f.tar"])
  }

  @Test(arguments: ["", "../a.jpg", "/a.jpg", "a/../b.jpg", "a\u{0}.jpg"])
  func namesThatLeaveTheArchiveAreRefused(_ name: String) throws {
    var writer = try TarWriter(path: "\(folder.path)/g.tar")
    #expect(throws: DumpError.self) { try writer.append(name, [1]) }
  }

  @Test func aFolderThatIsNotThereIsAnError() {
    #expect(throws: DumpError.unwritable(path: "/nowhere/a.tar", operation: "create", code: ENOENT))
    {
      _ = try TarWriter(path: "/nowhere/a.tar")
    }
  }
}
