import AuditDump
import Foundation
import Testing
import TestSupport

struct CompressedFileTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func bytes(_ fixture: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(filePath: Repository.crawl("formats/\(fixture)"))))
  }

  @Test(arguments: ["gzip/00000.tar.gz", "zstd/00000.tar.zst"])
  func anUnpackedShardIsReadAtAnyPlace(_ name: String) throws {
    let plain = try bytes("plain/00000.tar")
    let file = try PositionedFile.opening(Repository.crawl("formats/\(name)"))
    #expect(file.byteCount == Int64(plain.count))
    for offset in [plain.count - 1, 0, 700] {
      #expect(try file.read(at: Int64(offset), count: 300) == Array(plain[offset...].prefix(300)))
    }
  }

  @Test(arguments: ["gzip/00000.tar.gz", "zstd/00000.tar.zst"])
  func theCompressionIsToldFromTheBytesAndNotFromTheName(_ name: String) throws {
    try folder.write("00000.tar", bytes(name))
    let reading = try Reading(folder.path)
    #expect(reading.pairs.count == 3)
    #expect(reading.rejections == [])
  }

  @Test(arguments: ["gzip/00000.tar.gz", "zstd/00000.tar.zst"])
  func severalStreamsOneAfterAnotherAreOneFile(_ name: String) throws {
    let second = name.replacing("00000", with: "00001")
    try folder.write("a.tar", bytes(name) + bytes(second))
    #expect(try Reading(folder.path).pairs.count == 6)
  }

  @Test(arguments: ["gzip/00000.tar.gz", "zstd/00000.tar.zst"])
  func aCutShardGivesWhatCameBeforeAndSaysSo(_ name: String) throws {
    let whole = try bytes(name)
    var counts: Set<Int> = []
    for length in stride(from: whole.count - 1, to: 8, by: -97) {
      let path = try folder.write("cut.tar", Array(whole.prefix(length)))
      let reading = try Reading(path)
      let reasons = reading.rejections.map(\.reason)
      #expect(reasons.contains(.truncatedArchive), "\(length) bytes: \(reasons)")
      #expect(reading.pairs.count <= 3)
      counts.insert(reading.pairs.count)
    }
    #expect(counts.contains(0))
    #expect(counts.contains { $0 > 0 })
  }

  @Test(arguments: ["gzip/00000.tar.gz", "zstd/00000.tar.zst"])
  func changedBytesNeverEndTheReading(_ name: String) throws {
    let whole = try bytes(name)
    var random = TestRandom(seed: 5)
    for _ in 0..<300 {
      var changed = whole
      for _ in 0..<3 {
        changed[Int.random(in: 4..<changed.count, using: &random)] = UInt8.random(
          in: 0...255, using: &random)
      }
      let path = try folder.write("changed.tar", changed)
      #expect(try Reading(path).pairs.count <= 3)
    }
  }

  @Test(arguments: ["gzip/00000.tar.gz", "zstd/00000.tar.zst"], [0, 2])
  func aDamagedLaterStreamIsReportedAndWhatCameBeforeIsRead(_ name: String, _ place: Int) throws {
    var second = try bytes(name.replacing("00000", with: "00001"))
    second[place] ^= 0xFF
    let reading = try Reading(folder.write("a.tar", bytes(name) + second))
    #expect(reading.pairs.count == 3)
    #expect(reading.rejections.map(\.reason) == [.corruptArchive])
  }

  @Test func zerosBehindAStreamAreNoDamageAndWhatFollowsThemIsRead() throws {
    let (first, second) = (try bytes("gzip/00000.tar.gz"), try bytes("gzip/00001.tar.gz"))
    let zeros = [UInt8](repeating: 0, count: 64)
    func reading(_ bytes: [UInt8]) throws -> Reading { try Reading(folder.write("a.tar", bytes)) }
    #expect(try reading(first + zeros).rejections == [])
    let both = try reading(first + zeros + second + zeros)
    #expect(both.rejections == [])
    #expect(both.pairs.count == 6)
    let garbage = try reading(first + zeros + Array("garbage".utf8))
    #expect(garbage.pairs.count == 3)
    #expect(garbage.rejections.map(\.reason) == [.corruptArchive])
    #expect(try reading(first + zeros + second.prefix(9)).findings == ["a.tar truncatedArchive"])
  }

  @Test func aTemporaryFolderThatIsNotThereIsNamed() throws {
    let path = Repository.crawl("formats/gzip/00000.tar.gz")
    let failure = #expect(throws: PositionedFile.OpenFailure.self) {
      try PositionedFile.opening(path, temporaryFolder: "/nowhere")
    }
    guard case .unpacking("/nowhere", ENOENT) = failure else {
      Issue.record("another error")
      return
    }
    #expect(failure?.words.contains("'/nowhere'") == true)
    #expect(failure?.words.contains("TMPDIR") == true)
  }

  @Test func whatUnpacksBeyondTheLimitIsNotReadOn() throws {
    var configuration = CrawlConfiguration()
    configuration.maximumUnpackedBytes = 5000
    let reading = try Reading(Repository.crawl("formats/gzip"), configuration: configuration)
    #expect(reading.pairs.isEmpty)
    let messages = reading.rejections.filter { $0.reason == .corruptArchive }.map(\.message)
    #expect(messages.allSatisfy { $0.contains("maximumUnpackedBytes") })
    #expect(messages.count == 2)
  }

  @Test func aCutListGivesTheRecordsBeforeAndOneRejection() throws {
    let list = try bytes("lists/captions.jsonl.gz")
    for index in 0..<6 { try folder.write("\(index).png", "image") }
    let path = try folder.write("captions.jsonl.gz", Array(list.prefix(list.count / 2)))
    let reading = try Reading(path)
    #expect((1...3).contains(reading.pairs.count))
    #expect(reading.rejections.map(\.reason).contains(.truncatedArchive))
  }

  @Test func imagesOfManyCompressedShardsAreReadInAnyOrder() throws {
    let shards = try (0..<6).map { index in
      try folder.write("\(index).tar.gz", bytes("gzip/0000\(index % 2).tar.gz"))
    }
    let pairs = try Reading("\(folder.path)/{0..5}.tar.gz").pairs
    #expect(Set(pairs.map(\.image.path)) == Set(shards))
    let files = ImageFiles()
    let forward = try pairs.map { try files.bytes(of: $0.image) }
    let backward = try pairs.reversed().map { try files.bytes(of: $0.image) }
    #expect(forward == backward.reversed())
    #expect(forward.allSatisfy { $0.starts(with: [0x89, 0x50, 0x4E, 0x47]) })
    #expect(files.openShardCount <= 3)
  }
}
