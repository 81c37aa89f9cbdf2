import AuditDump
import AuditFiles
import Foundation
import Testing
import TestSupport

/// The same six pairs in every format (Fixtures/make-crawls.py).
struct CrawlFormatTests {

  private static let paths = [
    "plain", "plain/{00000..00001}.tar", "plain/0000{0,1}.tar", "plain/shards.txt", "gzip", "zstd",
    "zstd/{00000..00001}.tar.zst", "other-endings", "files", "lists/captions.jsonl.gz",
    "lists/table.csv.zst", "imagefolder", "conceptual-captions",
    "conceptual-captions/Train_GCC-training.tsv",
  ]

  @Test(arguments: paths)
  func everyFormatGivesTheSamePairs(_ path: String) throws {
    let plain = try Reading(Repository.crawl("formats/plain"))
    let reading = try Reading(Repository.crawl("formats/\(path)"))
    #expect(plain.pairs.count == 6)
    #expect(reading.rejections == [])
    #expect(try contents(of: reading.pairs) == contents(of: plain.pairs))
  }

  @Test func cocoCaptionsAreReadWithAllOfThem() throws {
    let plain = try Reading(Repository.crawl("formats/plain"))
    let path = Repository.crawl("formats/coco/annotations/captions_val.json")
    let reading = try Reading(path)
    #expect(reading.rejections == [])
    #expect(try contents(of: reading.pairs).isSuperset(of: contents(of: plain.pairs)))
    #expect(
      reading.pairs.prefix(2).map(\.key) == ["000000000000.png", "000000000000.png#2"])
    #expect(reading.pairs.map(\.caption).contains("a second caption"))
    #expect(reading.pairs.count == 7)
  }

  @Test func ofCocoCaptionsTheFirstOrARandomOneCanBeChosen() throws {
    let path = Repository.crawl("formats/coco/annotations/captions_val.json")
    var configuration = CrawlConfiguration()
    configuration.captionChoice = .first
    let first = try Reading(path, configuration: configuration)
    #expect(first.pairs.count == 6)
    #expect(!first.pairs.map(\.caption).contains("a second caption"))
    configuration.captionChoice = .random
    var captions: Set<String> = []
    for seed in 0..<16 {
      configuration.captionSeed = UInt64(seed)
      let drawn = try Reading(path, configuration: configuration)
      #expect(try drawn.pairs == Reading(path, configuration: configuration).pairs)
      #expect(drawn.pairs.count == 6)
      captions.insert(drawn.pairs[0].caption)
    }
    #expect(captions.count == 2)
  }

  @Test func whatMetadataTellsOfAnImageIsKept() throws {
    for path in ["plain", "gzip", "files", "lists/captions.jsonl.gz"] {
      let pairs = try Reading(Repository.crawl("formats/\(path)")).pairs
      let origins = try pairs.map { try #require($0.origin) }
      #expect(origins.map(\.url).first == "https://images.example/0.png?size=48")
      #expect(origins.allSatisfy { $0.originalSize?.width == 48 && $0.uid != nil })
      let files = ImageFiles()
      let matches = try zip(pairs, origins).map { pair, origin in
        let digest = ContentDigest(of: try files.bytes(of: pair.image))
        return origin.sha256 == digest.bytes
      }
      #expect(matches == [true, true, true, true, true, false])
    }
    let table = try Reading(Repository.crawl("formats/lists/table.csv.zst")).pairs
    #expect(table.allSatisfy { $0.origin?.uid != nil && $0.origin?.url == nil })
  }

  @Test func metadataThatMakesNoSenseIsLeftOut() throws {
    let folder = try TemporaryFolder()
    try folder.write("a.png", "image")
    try folder.write(
      "a.json",
      #"{"caption": "x", "uid": "xyz", "sha256": 3, "original_width": -1, "original_height": 5, "url": ""}"#
    )
    let pairs = try Reading(folder.path).pairs
    #expect(pairs.map(\.caption) == ["x"])
    #expect(pairs.map(\.origin) == [nil])
  }

  @Test(arguments: [
    ("{0..2}", ["0", "1", "2"]), ("{08..10}", ["08", "09", "10"]), ("a{x,yz}b", ["axb", "ayzb"]),
    ("{1..2}{a,b}", ["1a", "1b", "2a", "2b"]), ("a::b", ["a", "b"]),
    ("{0..6..3}", ["0", "3", "6"]), ("{00000..00005..2}", ["00000", "00002", "00004"]),
    ("{a..c}", ["a", "b", "c"]), ("{c..a..2}", ["c", "a"]), ("{Y..b}", ["Y", "Z", "a", "b"]),
    ("{11..08}", ["11", "10", "09", "08"]), ("{-1..1}", ["-1", "0", "1"]),
    ("{-01..1}", ["-01", "000", "001"]), ("{{0,1},2}", ["0", "1", "2"]),
    ("{a,b{0..1}}c", ["ac", "b0c", "b1c"]), ("{x}{1,2}", ["{x}1", "{x}2"]),
    ("{{1..2}}", ["{1}", "{2}"]), (#"\{1,2\}{3,4}"#, ["{1,2}3", "{1,2}4"]), ("{a,}b", ["ab", "b"]),
  ])
  func rangesStandForSeveralShards(_ pattern: String, _ names: [String]) throws {
    let folder = try TemporaryFolder()
    for name in names { try folder.write(name, []) }
    let path = pattern.split(separator: "::").map { "\(folder.path)/\($0)" }.joined(separator: "::")
    let reading = try Reading(path, format: .webdataset)
    #expect(reading.rejections.map(\.source) == names.map { "\(folder.path)/\($0)" })
    #expect(Set(reading.rejections.map(\.reason)) == [.truncatedArchive])
  }

  @Test(arguments: [
    "{0..99999999}.tar", "{1..b}.tar", "{1..5..0}.tar", "{1..5..-2}.tar", "{1..2..3..4}.tar",
    "{0..9}}.tar", "{0..{1,2}.tar", "{ab..c}.tar", "{0..9999}{0..9999}.tar",
    "{-9223372036854775808..9223372036854775807}.tar",
  ])
  func aRangeThatIsNoneIsAnError(_ pattern: String) {
    let error = #expect(throws: DumpError.self) { try Crawl.reader(for: "/tmp/\(pattern)") }
    #expect(error?.description.contains(pattern) == true)
  }

  @Test func aMissingShardOfARangeIsRejectedAndTheOthersAreRead() throws {
    let reading = try Reading(Repository.crawl("formats/plain/{00000..00002}.tar"))
    #expect(reading.pairs.count == 6)
    #expect(reading.findings == ["00002.tar unreadableFile"])
  }

  /// Caption and image of each pair.
  private func contents(of pairs: [Pair]) throws -> Set<[String]> {
    let files = ImageFiles()
    return Set(
      try pairs.map { [$0.caption, ContentDigest(of: try files.bytes(of: $0.image)).hexadecimal] })
  }
}
