import AuditDump
import Testing
import TestSupport

struct ShardMembersTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func shard(_ members: [(String, String)]) throws -> ShardMembers {
    let path = folder.file("00000.tar")
    var writer = try TarWriter(path: path)
    for (name, text) in members { try writer.append(name, Array(text.utf8)) }
    try writer.finish()
    return try ShardMembers(of: PositionedFile(path: path))
  }

  private func names(_ shard: ShardMembers, at offset: Int64) -> [String] {
    shard.member(at: offset).map { shard.pair(of: $0).map(\.name) } ?? []
  }

  @Test func membersOfAPairAreFoundByAnyOfThem() throws {
    let shard = try shard([
      ("a.jpg", "A"), ("b.txt", "bee"), ("a.seg.PNG", "S"), ("readme", "no key"), ("b.jpg", "B"),
      ("a.txt", ""), ("a.cls", "7"), ("x/a.txt", "another folder"),
    ])
    let expected = ["a.jpg", "a.seg.PNG", "a.txt", "a.cls"]
    #expect(names(shard, at: 512) == expected)
    let members = try #require(shard.member(at: 512).map { shard.pair(of: $0) })
    #expect(members.map(\.fileExtension) == ["jpg", "seg.PNG", "txt", "cls"])
    #expect(members.map(\.byteCount) == [1, 1, 0, 1])
    for member in members { #expect(names(shard, at: member.offset) == expected) }
    #expect(names(shard, at: 512 + 1024) == ["b.txt", "b.jpg"])
    for offset: Int64 in [-1, 0, 511, 513, 1024, 1 << 40] {
      #expect(shard.member(at: offset) == nil)
    }
  }

  @Test func whatTheReaderRejectsIsNoMember() throws {
    let folder = folder
    let plain = folder.file("plain.tar")
    var writer = try TarWriter(path: plain)
    for (name, text) in [("a.jpg", "A"), ("a.JPG", "again"), ("a.txt", "one"), ("a.txt", "two")] {
      try writer.append(name, Array(text.utf8))
    }
    try writer.finish()
    let shard = try ShardMembers(of: PositionedFile(path: plain))
    #expect(names(shard, at: 512) == ["a.jpg", "a.txt"])
    let pair = try #require(shard.member(at: 512).map { shard.pair(of: $0) })
    #expect(try shard.caption(of: pair, CrawlConfiguration()) == "one")
  }

  @Test func captionIsThatOfTheReader() throws {
    let path = Repository.crawl("shapes")
    var shard: ShardMembers?
    for pair in try Reading(path).pairs {
      if shard?.file.path != pair.image.path {
        shard = try ShardMembers(of: PositionedFile(path: pair.image.path))
      }
      let found = try #require(shard)
      let member = try #require(found.member(at: pair.image.offset))
      #expect(member.name == pair.image.member && member.byteCount == pair.image.length)
      let caption = try found.caption(of: found.pair(of: member), CrawlConfiguration())
      #expect(caption == pair.caption)
    }
  }

  @Test func captionOfAnotherFieldAndNoneAtAll() throws {
    let shard = try shard([
      ("a.jpg", "A"), ("a.json", #"{"caption": "one", "alt": " two "}"#), ("b.jpg", "B"),
      ("c.jpg", "C"), ("c.txt", "   "),
    ])
    var configuration = CrawlConfiguration()
    let offsets: [Int64] = [512, 2560, 3584]
    let pairs = try offsets.map { shard.pair(of: try #require(shard.member(at: $0))) }
    #expect(try shard.caption(of: pairs[0], configuration) == "one")
    configuration.captionKey = "alt"
    #expect(try shard.caption(of: pairs[0], configuration) == "two")
    configuration.maximumCaptionBytes = 5
    #expect(try shard.caption(of: pairs[0], configuration) == nil)
    #expect(try shard.caption(of: pairs[1], CrawlConfiguration()) == nil)
    #expect(try shard.caption(of: pairs[2], CrawlConfiguration()) == nil)
  }
}
