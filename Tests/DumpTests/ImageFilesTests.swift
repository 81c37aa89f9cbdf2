import AuditDump
import Foundation
import Testing
import TestSupport

struct ImageFilesTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func aStretchOfAShardIsRead() throws {
    let path = try folder.write("s.tar", Array(0...255))
    let source = ImageSource(path: path, member: "a.jpg", offset: 10, length: 5)
    #expect(try ImageFiles().bytes(of: source) == [10, 11, 12, 13, 14])
    #expect(source.description == "\(path)!a.jpg")
  }

  @Test func aWholeFileIsRead() throws {
    let path = try folder.write("a.jpg", Array(0...255))
    #expect(try ImageFiles().bytes(of: ImageSource(file: path)) == Array(0...255))
  }

  @Test func openShardsAreBounded() throws {
    let files = ImageFiles(maximumOpenShards: 3)
    let sources = try (0..<10).map { index in
      let path = try folder.write("\(index).tar", [UInt8(index)])
      return ImageSource(path: path, member: "a.jpg", offset: 0, length: 1)
    }
    for _ in 0..<3 {
      for (index, source) in sources.enumerated() {
        #expect(try files.bytes(of: source) == [UInt8(index)])
        #expect(files.openShardCount <= 3)
      }
    }
    for source in sources { _ = try files.bytes(of: ImageSource(file: source.path)) }
    #expect(files.openShardCount == 3)
  }

  @Test func manyThreadsReadTheSameBytes() async throws {
    let files = ImageFiles(maximumOpenShards: 2)
    let sources = try (0..<8).map { index in
      let path = try folder.write("\(index).tar", [UInt8](repeating: UInt8(index), count: 5000))
      return ImageSource(path: path, member: "a.jpg", offset: 1000, length: 3000)
    }
    await withTaskGroup(of: Void.self) { group in
      for worker in 0..<8 {
        group.addTask {
          for step in 0..<200 {
            let index = (worker * 3 + step) % sources.count
            let bytes = try? files.bytes(of: sources[index])
            #expect(bytes == [UInt8](repeating: UInt8(index), count: 3000))
          }
        }
      }
    }
    #expect(files.openShardCount <= 2)
  }

  @Test func eachErrorHasItsReason() throws {
    let files = ImageFiles(maximumImageBytes: 100)
    let path = try folder.write("s.tar", [UInt8](repeating: 1, count: 200))
    try folder.write("empty.jpg", [])
    try folder.link("loop.jpg", to: "loop.jpg")
    func stretch(_ offset: Int64, _ length: Int64) -> ImageSource {
      ImageSource(path: path, member: "a.jpg", offset: offset, length: length)
    }
    func error(_ source: ImageSource) -> ImageFileError? {
      #expect(throws: ImageFileError.self) { try files.bytes(of: source) }
    }
    let missing = ImageSource(file: "\(folder.path)/none.jpg")
    let below = ImageSource(file: "\(path)/none.jpg")
    let empty = ImageSource(file: "\(folder.path)/empty.jpg")
    let loop = ImageSource(file: "\(folder.path)/loop.jpg")
    let directory = ImageSource(file: folder.path)
    #expect(error(missing) == .missing(missing))
    #expect(error(below) == .missing(below))
    #expect(error(empty) == .empty(empty))
    #expect(error(loop) == .unreadable(loop, code: ELOOP))
    #expect(error(directory) == .notAFile(directory))
    #expect(error(stretch(0, 0)) == .empty(stretch(0, 0)))
    #expect(error(stretch(150, 60)) == .short(stretch(150, 60), expected: 60, got: 50))
    #expect(error(stretch(900, 60)) == .short(stretch(900, 60), expected: 60, got: 0))
    #expect(error(stretch(0, 101)) == .tooLarge(stretch(0, 101), byteCount: 101, limit: 100))
    #expect(
      [missing, empty, loop, directory, stretch(150, 60), stretch(0, 101)]
        .compactMap { error($0)?.rejection.reason }
        == [
          .missingImage, .emptyImage, .unreadableFile, .notAFile, .changedFile, .imageTooLarge,
        ])
    #expect(error(stretch(150, 60))?.rejection.source == "\(path)!a.jpg")
  }

  @Test(
    "an image that is written to while it is read is no image, whatever was read",
    arguments: ["overwritten", "grown"])
  func changing(how: String) throws {
    let path = try folder.write("a.jpg", [UInt8](repeating: 1, count: 4000))
    // The system's clock for files may stand still between two writes.
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSince1970: 1e9)], ofItemAtPath: path)
    let source = ImageSource(file: path)
    let files = ImageFiles()
    let open = try files.file(for: source)
    #expect(try files.bytes(of: source, in: open).count == 4000)
    let handle = try #require(FileHandle(forUpdatingAtPath: path))
    try handle.seek(toOffset: how == "grown" ? 4000 : 1000)
    try handle.write(contentsOf: [UInt8](repeating: 2, count: 1000))
    try handle.close()
    #expect(throws: ImageFileError.changed(source)) { try files.bytes(of: source, in: open) }
    #expect(ImageFileError.changed(source).rejection.reason == .changedFile)
    #expect(try files.bytes(of: source).count == (how == "grown" ? 5000 : 4000))
  }

  @Test func aShardMayGrowWhileItsFirstMembersAreRead() throws {
    let path = try folder.write("s.tar", [UInt8](repeating: 1, count: 4000))
    let source = ImageSource(path: path, member: "a.jpg", offset: 512, length: 1000)
    let files = ImageFiles()
    _ = try files.file(for: source)
    let handle = try #require(FileHandle(forUpdatingAtPath: path))
    try handle.seekToEnd()
    try handle.write(contentsOf: [UInt8](repeating: 2, count: 1000))
    try handle.close()
    #expect(try files.bytes(of: source) == [UInt8](repeating: 1, count: 1000))
  }

  /// A shard of one pair that was indexed, and the source of its image.
  private func indexedShard() throws -> (path: String, bytes: [UInt8], source: ImageSource) {
    var tar = TarBytes()
    tar.addPair("a")
    let path = try folder.write("s.tar", tar.bytes)
    // The system's clock for files may stand still between two writes.
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSince1970: 1e9)], ofItemAtPath: path)
    let pair = try #require(try Reading(path).pairs.first)
    return (path, tar.bytes, pair.image)
  }

  @Test func aShardThatIsOverwrittenAfterItWasIndexedIsNoticed() throws {
    let (path, bytes, source) = try indexedShard()
    #expect(try ImageFiles().bytes(of: source) == Array("image of a".utf8))
    let open = ImageFiles()
    _ = try open.file(for: source)
    let handle = try #require(FileHandle(forUpdatingAtPath: path))
    try handle.seek(toOffset: 512)
    try handle.write(contentsOf: Array("other of b".utf8))
    try handle.close()
    for files in [open, ImageFiles()] {
      #expect(throws: ImageFileError.changed(source)) { try files.bytes(of: source) }
    }
    // Longer than before, and with something else at the place.
    try folder.write("s.tar", [UInt8](repeating: 1, count: bytes.count + 512))
    #expect(throws: ImageFileError.changed(source)) { try ImageFiles().bytes(of: source) }
    // Nobody remembers how it was.
    let plain = ImageSource(
      path: path, member: source.member, offset: source.offset, length: source.length)
    #expect(plain == source)
    #expect(try ImageFiles().bytes(of: plain) == [UInt8](repeating: 1, count: 10))
  }

  @Test func aShardThatGrewAfterItWasIndexedIsRead() throws {
    let (_, bytes, source) = try indexedShard()
    var tar = TarBytes(bytes: bytes)
    tar.addPair("b")
    tar.end()
    try folder.write("s.tar", tar.bytes)
    #expect(try ImageFiles().bytes(of: source) == Array("image of a".utf8))
  }

  @Test func aPipeDoesNotHang() throws {
    let path = "\(folder.path)/pipe.jpg"
    #expect(mkfifo(path, 0o600) == 0)
    let source = ImageSource(file: path)
    #expect(throws: ImageFileError.notAFile(source)) { try ImageFiles().bytes(of: source) }
  }
}
