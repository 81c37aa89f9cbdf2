import AuditDump
import Foundation
import Testing
import TestSupport

/// Which of several columns and fields is the caption.
struct FieldNameTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try folder.write("a.png", "image")
  }

  private func captions(
    _ name: String, _ text: String, key: String? = nil
  ) throws -> [String] {
    var configuration = CrawlConfiguration()
    configuration.captionKey = key
    return try Reading(folder.write(name, text), configuration: configuration).pairs
      .map(\.caption)
  }

  /// A shard of one pair with these members.
  private func shard(_ members: [(ending: String, text: String)]) throws -> String {
    var tar = TarBytes()
    tar.add("a.png", "image")
    for member in members { tar.add("a.\(member.ending)", member.text) }
    tar.end()
    return try folder.write("shards/0.tar", tar.bytes)
  }

  @Test(arguments: [
    (#"{"image": "a.png", "title": "page", "caption": "right"}"#, "right"),
    (#"{"image": "a.png", "title": "right"}"#, "right"),
    (#"{"image": "a.png", "caption": " ", "title": "right"}"#, "right"),
    (#"{"image": "a.png", "title": "", "text": "right"}"#, "right"),
    (#"{"Image": "a.png", "Caption": "right"}"#, "right"),
    (#"{"image": "a.png", "Caption": "other case", "title": "right"}"#, "right"),
    (#"{"image": "a.png", "TEXT": "right"}"#, "right"),
    (#"{"image": {"bytes": null, "path": "a.png"}, "text": "right"}"#, "right"),
  ])
  func ofSeveralFieldsTheLikeliestWithTextIsTheCaption(_ line: String, _ caption: String) throws {
    #expect(try captions("l.jsonl", line) == [caption])
    // The same in a shard and beside an image, where the image's field means nothing.
    #expect(try Reading(shard([("json", line)])).pairs.map(\.caption) == [caption])
    try folder.write("files/a.png", "image")
    try folder.write("files/a.json", line)
    #expect(try Reading(folder.file("files")).pairs.map(\.caption) == [caption])
  }

  @Test func nothingButEmptyFieldsIsAnEmptyCaption() throws {
    let path = try shard([("json", #"{"title": "", "caption": " "}"#)])
    #expect(try Reading(path).rejections.map(\.reason) == [.emptyCaption])
  }

  @Test(arguments: [
    ("filepath,title\na.png,right\n", "right"),
    ("title,filepath,caption\npage,a.png,right\n", "right"),
    ("filepath,title,caption\na.png,right, \n", "right"), ("Image,Caption\na.png,right\n", "right"),
    ("IMAGE,Caption,title\na.png,other case,right\n", "right"),
  ])
  func ofSeveralColumnsTheLikeliestWithTextIsTheCaption(_ table: String, _ caption: String) throws {
    #expect(try captions("l.csv", table) == [caption])
  }

  @Test func aKeyThatIsGivenIsFoundInAnotherCase() throws {
    #expect(try captions("l.csv", "image,caption,Alt\na.png,no,yes\n", key: "alt") == ["yes"])
    let line = #"{"image": "a.png", "caption": "no", "alt": "yes"}"#
    #expect(try captions("l.jsonl", line, key: "ALT") == ["yes"])
  }

  @Test func originsAreFoundInAnotherCase() throws {
    let line = #"{"image": "a.png", "caption": "c", "Url": "http://h.example/"}"#
    #expect(try Reading(folder.write("l.jsonl", line)).pairs.map(\.origin?.host) == ["h.example"])
    let table = "image,caption,Url\na.png,c,http://h.example/\n"
    #expect(try Reading(folder.write("l.csv", table)).pairs.map(\.origin?.host) == ["h.example"])
  }

  private static let besideText: [(String?, String?, RejectionReason?)] = [
    (#"{"caption": "no", "alt": "from the field"}"#, "from the field", nil),
    (#"{"caption": "no"}"#, nil, .missingCaption), ("{", nil, .malformedJSON),
    (#"{"alt": "\u0000"}"#, nil, .captionNotText),
    (nil, "from the text", nil),
  ]

  @Test(arguments: besideText)
  func aKeyThatIsGivenGoesBeforeTheTextBesideTheImage(
    _ json: String?, _ caption: String?, _ reason: RejectionReason?
  ) throws {
    var configuration = CrawlConfiguration()
    configuration.captionKey = "alt"
    let members = [("txt", "from the text")] + (json.map { [("json", $0)] } ?? [])
    let path = try shard(members)
    try folder.write("files/a.png", "image")
    for (ending, text) in members { try folder.write("files/a.\(ending)", text) }
    for place in [path, folder.file("files")] {
      let reading = try Reading(place, configuration: configuration)
      #expect(reading.pairs.map(\.caption) == [caption].compactMap(\.self))
      #expect(reading.rejections.map(\.reason) == [reason].compactMap(\.self))
      let plain = try Reading(place)
      #expect(plain.pairs.map(\.caption) == ["from the text"])
    }
    let file = try PositionedFile(path: path)
    let found = try ShardMembers(of: file)
    let pair = found.pair(of: try #require(found.member(at: 512)))
    #expect(try found.caption(of: pair, configuration) == caption)
    let beside = CaptionFiles(besideImage: folder.file("files/a.png"), configuration)
    #expect(beside.caption == caption)
    #expect(try found.caption(of: pair, CrawlConfiguration()) == "from the text")
  }

  @Test func whatIsWrongWithAFieldIsToldOfItsFile() throws {
    var configuration = CrawlConfiguration()
    configuration.captionKey = "alt"
    let json = #"{"alt": "\u0000"}"#
    try folder.write("files/a.png", "image")
    try folder.write("files/a.txt", "from the text")
    let file = try folder.write("files/a.json", json)
    let reading = try Reading(folder.file("files"), configuration: configuration)
    #expect(reading.rejections.map(\.source) == [file])
    let shard = try Reading(
      shard([("txt", "from the text"), ("json", json)]), configuration: configuration)
    #expect(shard.rejections.map(\.offset) == [2560])
  }
}
