import AuditDump
import Foundation
import Testing
import TestSupport

/// Fixtures cut at every byte and mutated: a reader may reject, but must come to an end, and what it
/// accepts must hold what it promises.
@Suite(.timeLimit(.minutes(20)))
struct DamageTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder(inMemory: true)
    try folder.write("good.png", "image")
    try folder.write("sub/good.png", "image")
  }

  private func bytes(_ fixture: String) throws -> [UInt8] {
    try [UInt8](Data(contentsOf: URL(filePath: Repository.crawl(fixture))))
  }

  /// Reads, and holds the result against what a pair promises.
  @discardableResult
  private func check(_ path: String, _ comment: Comment) throws -> Reading {
    let reading = try Reading(path)
    let files = ImageFiles()
    #expect(Set(reading.pairs.map(\.key)).count == reading.pairs.count, comment)
    for pair in reading.pairs {
      #expect(!pair.caption.isEmpty && !pair.caption.utf8.contains(0), comment)
      let image = try files.bytes(of: pair.image)
      #expect(!image.isEmpty, comment)
    }
    return reading
  }

  @Test func aShardCutAtEveryByteGivesItsWholePairs() throws {
    var tar = TarBytes()
    for key in ["a", "b", "c"] { tar.addPair(key, caption: "caption of \(key)") }
    tar.end()
    var counts: [Int] = []
    for length in 0...tar.bytes.count {
      let path = try folder.write("cut.tar", Array(tar.bytes[..<length]))
      let reading = try check(path, "cut at byte \(length)")
      counts.append(reading.pairs.count)
      let cuts = reading.rejections.count { $0.reason == .truncatedArchive }
      #expect(cuts == (length < 12 * 512 + 512 ? 1 : 0), "cut at byte \(length)")
    }
    #expect(counts == counts.sorted())
    for (index, end) in [3, 7, 11].map({ $0 * 512 + 12 }).enumerated() {
      #expect(counts[end - 1] == index && counts[end] == index + 1)
    }
  }

  @Test func theDamagedShardCutAtEveryStepIsRead() throws {
    let whole = try bytes("damaged-shards/00000.tar")
    for length in stride(from: 0, through: whole.count, by: 61) {
      try check(folder.write("cut.tar", Array(whole[..<length])), "cut at byte \(length)")
    }
  }

  @Test(arguments: ["damaged-shards/00000.tar", "shapes/00001.tar"])
  func mutatedShardsAreRead(_ fixture: String) throws {
    let whole = Array(try bytes(fixture).prefix(40_000))
    for seed in 0..<UInt64(3000) {
      var random = TestRandom(seed: seed)
      let mutated = random.mutated(whole)
      try check(folder.write("mutated.tar", mutated), "\(fixture), seed \(seed)")
    }
  }

  @Test(arguments: ["damaged-captions/captions.tsv", "captions/captions.csv"])
  func captionFilesCutAtEveryByteAreRead(_ fixture: String) throws {
    let whole = try bytes(fixture)
    let columns = try #require(String(decoding: whole, as: UTF8.self).firstRange(of: "title"))
    let header = String(decoding: whole, as: UTF8.self)[..<columns.upperBound].utf8.count
    let name = "captions.\(fixture.hasSuffix("csv") ? "csv" : "tsv")"
    for length in 0...whole.count {
      let path = try folder.write(name, Array(whole[..<length]))
      if length < header {
        // Without both columns in its header it is no caption file.
        #expect(throws: DumpError.self, "cut at byte \(length)") { try Reading(path) }
      } else {
        try check(path, "cut at byte \(length)")
      }
    }
  }

  @Test(arguments: ["damaged-captions/captions.tsv", "captions/captions.csv"])
  func mutatedCaptionFilesAreRead(_ fixture: String) throws {
    let whole = try bytes(fixture)
    let header = try #require(whole.firstIndex(of: 10)) + 1
    let name = "captions.\(fixture.hasSuffix("csv") ? "csv" : "tsv")"
    for seed in 0..<UInt64(4000) {
      var random = TestRandom(seed: seed)
      let mutated = Array(whole[..<header]) + random.mutated(Array(whole[header...]))
      try check(folder.write(name, mutated), "\(fixture), seed \(seed)")
    }
  }

  @Test func mutatedHeadersAreReadOrRefused() throws {
    let whole = try bytes("captions/captions.csv")
    for seed in 0..<UInt64(2000) {
      var random = TestRandom(seed: seed)
      let path = try folder.write("captions.csv", random.mutated(Array(whole.prefix(60))))
      do {
        try check(path, "seed \(seed)")
      } catch is DumpError {
        continue
      }
    }
  }

  @Test func mutatedSVGFilesAreRead() throws {
    let svg = try bytes("openclipart/svg/animals/lizard_jane_d_02.svg")
    for length in 0...svg.count { _ = SVGMetadata(Array(svg[..<length])) }
    for seed in 0..<UInt64(5000) {
      var random = TestRandom(seed: seed)
      let metadata = SVGMetadata(random.mutated(svg))
      #expect(!metadata.title.contains("\n"), "seed \(seed)")
    }
  }
}
