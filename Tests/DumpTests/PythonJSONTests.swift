import AuditDump
import Foundation
import Testing
import TestSupport

/// What Python's `json.dumps` writes by default and JSON does not have costs neither a record nor its origin.
struct PythonJSONTests {
  private let folder: TemporaryFolder
  private static let digest = String(repeating: "ab", count: 32)

  init() throws { folder = try TemporaryFolder() }

  private static let oddities = [
    (#"{"a": NaN, "#, "NaN"), (#"{"a": [1, -Infinity, {"b": Infinity}], "#, "Infinity"),
    (#"{"a": "cut \ud83d", "#, "the first half of a pair"),
    (#"{"a": "\udc00\ud83d\ude00\\ud83d\ud83d", "#, "halves beside a pair"),
    (#"{"NaN \"": "NaN -Infinity", "a": NaN, "#, "names of numbers in texts"),
  ]

  @Test(arguments: oddities)
  func linesAreRead(_ start: String, _ what: String) throws {
    try folder.write("a.png", "image")
    let line = #"\#(start) "image": "a.png", "caption": "c", "url": "http://h.example/a"}"#
    let reading = try Reading(folder.write("l.jsonl", line + "\n"))
    #expect(reading.findings == [], "\(what)")
    #expect(reading.pairs.map(\.origin?.host) == ["h.example"], "\(what)")
  }

  @Test(arguments: oddities)
  func metadataInShardsKeepTheirHash(_ start: String, _ what: String) throws {
    var tar = TarBytes()
    tar.addPair("a")
    tar.add("a.json", #"\#(start) "sha256": "\#(Self.digest)"}"#)
    tar.end()
    let reading = try Reading(folder.write("0.tar", tar.bytes))
    #expect(reading.findings == [], "\(what)")
    #expect(reading.pairs.map(\.origin?.sha256?.first) == [0xAB], "\(what)")
  }

  @Test(arguments: oddities)
  func captionsOfCOCOAreRead(_ start: String, _ what: String) throws {
    try folder.write("a.png", "image")
    let json = """
      {"images": [\(start) "id": 1, "file_name": "a.png"}], \
      "annotations": [{"image_id": 1, "caption": "cut \\ud83d"}]}
      """
    let reading = try Reading(folder.write("c.json", json))
    #expect(reading.findings == [], "\(what)")
    #expect(reading.pairs.map(\.caption) == ["cut \u{FFFD}"], "\(what)")
  }

  @Test(arguments: [
    "{'image': 'a.png', 'caption': 'c'}", #"{image: "a.png", "caption": "c"}"#,
    #"{"image": "a.png", "caption": "c" /* x */}"#,
    #"{"image": "a.png", "caption": "c", "a": 0x1}"#,
    #"{"image": "a.png", "caption": "c", "a": NaNs}"#,
    #"{"image": "a.png", NaN: 1, "caption": "c"}"#,
    #"{"image": "a.png", "caption": "c", "a": -NaN}"#,
    #"{"image": "a.png", "caption": "c", "a": NaN"#,
  ])
  func whatElseIsNoJSONIsRejected(_ line: String) throws {
    try folder.write("a.png", "image")
    let good = #"{"image": "a.png", "caption": "good"}"#
    let reading = try Reading(folder.write("l.jsonl", "\(good)\n\(line)\n"))
    #expect(reading.findings == ["l.jsonl:2 malformedJSON"])
  }

  @Test func metadataThatCannotBeReadAreARowBesideTheirPair() throws {
    var tar = TarBytes()
    tar.addPair("a")
    tar.add("a.json", "{")
    tar.addPair("b")
    tar.add("b.json", "[]")
    tar.end()
    let shard = try Reading(folder.write("s/0.tar", tar.bytes))
    #expect(shard.pairs.map(\.key) == ["a", "b"])
    #expect(shard.findings == ["0.tar!a.json malformedJSON", "0.tar!b.json malformedJSON"])
    #expect(shard.rejections[0].offset == 2560)
    #expect(shard.rejections[0].message.contains("kept without its origin"))
    try folder.write("f/a.png", "image")
    try folder.write("f/a.txt", "a caption")
    try folder.write("f/a.json", #"{"sha256": "#)
    let files = try Reading(folder.file("f"))
    #expect(files.pairs.map(\.caption) == ["a caption"])
    #expect(files.findings == ["a.json malformedJSON"])
  }
}
