import AuditDump
import Foundation
import Testing
import TestSupport

struct OpenClipartTests {
  private static let captions = [
    "png/animals/birds/robin_jane_doe_01.png": "Robin, animal, bird",
    "png/animals/lizard_jane_d_02.png": "Lézard & Co, reptile, animals",
    "png/plants/lizard_jane_d_02.png": "Lézard & Co, reptile, plants",
    "png/plants/palm_tree_b_r_kess_r.png": "palm tree, plants",
    "png/signs/broken_01.png": "Half a title, sign",
    "png/signs/button-blue_doe_01.png": "button blue, signs",
    "png/signs/button-green_doe_01.png": "button green, signs",
    "png/signs/button-red_doe_01.png": "button-red, signs",
    "png/tools/hand_saw.png": "hand saw, tools",
    "png/unsorted/damaged_bytes.png": "A b\u{FFFD}d byte, odd",
    "png/unsorted/no_metadata2.png": "no metadata 2",
  ]

  @Test func theLittleTreeIsReadAsACrawl() throws {
    let reading = try Reading(Repository.crawl("openclipart"))
    #expect(reading.rejections == [])
    #expect(reading.pairs.map(\.key) == Self.captions.keys.sorted())
    for pair in reading.pairs {
      #expect(pair.caption == Self.captions[pair.key])
      #expect(pair.image == ImageSource(file: Repository.crawl("openclipart/\(pair.key)")))
    }
  }

  @Test func theConvertersFileGivesTheSamePairs() throws {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/captions.tsv"
    let root = Repository.crawl("openclipart")
    let summary = try OpenClipartConverter(root: root).write(to: path)
    #expect(summary.pairs == 11)
    #expect(summary.fromTitle == 7)
    #expect(summary.fromKeywords == 2)
    #expect(summary.fromPath == 2)
    #expect(summary.rejections == [])
    var configuration = CrawlConfiguration()
    configuration.imageRoot = root
    #expect(try Reading(path, configuration: configuration).records == Reading(root).records)
  }

  @Test func linksOutOfTheTreeAndUnreadableImagesAreRejected() throws {
    let folder = try TemporaryFolder()
    for name in ["png/a.png", "svg/a.svg", "outside.txt"] { try folder.write(name, "x") }
    try folder.write("png/empty.png", [])
    try folder.link("png/loop.png", to: "loop.png")
    let other = try TemporaryFolder()
    try folder.link("png/out.png", to: other.write("secret.png", "x"))
    try folder.link("png/folder", to: ".")
    let reading = try Reading(folder.path)
    #expect(reading.pairs.map(\.caption) == ["a"])
    #expect(
      reading.findings == [
        "empty.png emptyImage", "loop.png unreadableFile", "out.png pathOutsideCrawl",
      ])
  }

  @Test(
    .enabled(if: Fixtures.exists(Fixtures.openClipart + "/svg"), "openclipart is not installed"))
  func theInstalledLibraryHas8121Pairs() throws {
    let reading = try Reading(Fixtures.openClipart)
    #expect(reading.rejections == [])
    #expect(reading.pairs.count == 8121)
    #expect(Set(reading.pairs.map(\.key)).count == 8121)
    for pair in reading.pairs {
      #expect(!pair.caption.isEmpty && pair.caption.utf8.count < 400, "\(pair.key)")
      #expect(!pair.caption.contains("hash(0x") && !pair.caption.contains("Clipart by"))
    }
    let captions = Dictionary(uniqueKeysWithValues: reading.pairs.map { ($0.key, $0.caption) })
    #expect(captions["png/animals/mammals/dogs/bored_dog_01.png"] == "Bored dog, mammal, animal")
    #expect(
      captions["png/animals/mammals/contour_elephant.png"] == "contour elephant, mammal, animal")
  }
}
