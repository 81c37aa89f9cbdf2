import AuditDump
import AuditKit
import AuditLab
import AuditPixels
import AuditTraining
import Foundation
import NeuralKit
import Testing
import TestSupport

@Suite struct CrawlPlanterTests {
  private static let shapes = Repository.crawl("shapes")

  private static func configuration(_ kind: AttackKind) -> AttackConfiguration {
    var configuration = AttackConfiguration()
    configuration.attack = kind
    configuration.count = 6
    configuration.heldOut = 20
    configuration.captionsPerTarget = 3
    // Larger than what is drawn: half of the shapes have one of four colours.
    configuration.className = "red"
    return configuration
  }

  /// Pairs of a crawl by key.
  private static func pairs(_ path: String) throws -> [String: Pair] {
    var pairs: [String: Pair] = [:]
    try Crawl.reader(for: path).read { record in
      if case .pair(let pair) = record { pairs[pair.key] = pair }
    }
    return pairs
  }

  private static func planted(
    _ kind: AttackKind, in folder: TemporaryFolder, name: String = "out",
    _ change: (inout AttackConfiguration) -> Void = { _ in }
  ) throws -> (CrawlPlanter.Summary, String) {
    var configuration = configuration(kind)
    change(&configuration)
    let path = folder.file(name)
    let summary = try CrawlPlanter(configuration, words: ["red", "blue", "green", "disc"])
      .plant(try Crawl.reader(for: shapes), in: path)
    return (summary, path)
  }

  @Test(
    "kept and held-out pairs keep caption and bytes; planted ones are in the truth",
    arguments: [AttackKind.tdpa, .badnet, .interpolation])
  func whole(kind: AttackKind) throws {
    let folder = try TemporaryFolder()
    let (summary, path) = try Self.planted(kind, in: folder)
    let original = try Self.pairs(Self.shapes)
    let crawl = try Self.pairs(path + "/crawl")
    let heldOut = try Self.pairs(path + "/held-out")
    let files = ImageFiles()
    for (key, pair) in crawl.merging(heldOut, uniquingKeysWith: { one, _ in one })
    where !key.hasPrefix("planted_") {
      let before = try #require(original[key])
      #expect(pair.caption == before.caption)
      #expect(try files.bytes(of: pair.image) == (try files.bytes(of: before.image)))
    }
    #expect(Set(crawl.keys).isDisjoint(with: heldOut.keys))
    #expect(heldOut.count == 20 && summary.heldOut == 20)
    #expect(crawl.count == summary.kept + 6 && summary.planted == 6)
    #expect(summary.classes == ["red"])
    let truth = try String(contentsOfFile: path + "/truth.csv", encoding: .utf8)
      .split(separator: "\n").map { $0.split(separator: ",").map(String.init) }
    #expect(truth[0] == ["key", "attack", "change", "target", "class"])
    #expect(truth.count == 7)
    for row in truth.dropFirst() {
      let pair = try #require(crawl[row[0]])
      #expect(row[1] == kind.rawValue)
      #expect(pair.caption.contains("red"))
      #expect(row[4] == "\"red\"")
      // The image that was taken is gone from both.
      let target = row[3].trimmingCharacters(in: ["\""])
      #expect(original[target] != nil && crawl[target] == nil && heldOut[target] == nil)
    }
    let sheet = try ImageDecoder.decode(
      [UInt8](try Data(contentsOf: .init(filePath: path + "/sheet.png"))))
    #expect(sheet.bitmap.width == 3 * 128 + 16)
    #expect(sheet.bitmap.height == 6 * 128 + 40)
  }

  @Test("copies of a target are equal, or all different where they are to vary")
  func copies() throws {
    let folder = try TemporaryFolder()
    let files = ImageFiles()
    for varies in [false, true] {
      let (_, path) = try Self.planted(.tdpa, in: folder, name: "vary-\(varies)") {
        $0.vary = varies
      }
      let images = try Self.pairs(path + "/crawl").filter { $0.key.hasPrefix("planted_") }
        .map { try files.bytes(of: $0.value.image) }
      #expect(Set(images).count == (varies ? 6 : 2))
    }
  }

  @Test("the same seed writes the same bytes; a JPEG quality makes every planted image a JPEG")
  func repeating() throws {
    let folder = try TemporaryFolder()
    func shard(_ name: String, _ quality: Int?) throws -> Data {
      let (_, path) = try Self.planted(.blended, in: folder, name: name) {
        $0.jpegQuality = quality
      }
      return try Data(contentsOf: URL(filePath: path + "/crawl/00000.tar"))
    }
    #expect(try shard("one", nil) == (try shard("two", nil)))
    _ = try shard("jpeg", 60)
    let files = ImageFiles()
    for (key, pair) in try Self.pairs(folder.file("jpeg/crawl")) where key.hasPrefix("planted_") {
      #expect(ImageKind(of: try files.bytes(of: pair.image)) == .jpeg)
    }
  }

  @Test("a pair whose image shards do not hold is left out, and counted as nothing else")
  func leftOut() throws {
    let folder = try TemporaryFolder()
    let image = try Bitmap(width: 8, height: 8, pixels: [UInt8](repeating: 9, count: 192)).png()
    var table = "filepath\ttitle\n"
    for number in 0..<40 {
      try folder.write("crawl/\(number).png", number % 4 == 1 ? Array("text".utf8) : image)
      table += "\(number).png\t\(number % 2 == 0 ? "red" : "other") \(number)\n"
    }
    try folder.write("crawl/captions.tsv", table)
    var configuration = Self.configuration(.tdpa)
    configuration.attack = .trueCaption
    configuration.heldOut = 10
    let path = folder.file("out")
    let summary = try CrawlPlanter(configuration)
      .plant(try Crawl.reader(for: folder.file("crawl")), in: path)
    #expect(try Self.pairs(path + "/crawl").count == summary.kept + 6)
    #expect(try Self.pairs(path + "/held-out").count == summary.heldOut)
    #expect(summary.leftOut == 10)
    #expect(summary.kept + summary.planted + summary.heldOut + summary.leftOut == 40)
  }

  @Test("nothing is written over, and a failure leaves nothing")
  func refusing() throws {
    let folder = try TemporaryFolder()
    let (_, path) = try Self.planted(.tdpa, in: folder)
    #expect(throws: LabError.outputExists(path: path)) { try Self.planted(.tdpa, in: folder) }
    #expect(throws: LabError.self) {
      try Self.planted(.badnet, in: folder, name: "failed") { $0.count = 5_000 }
    }
    #expect(!FileManager.default.fileExists(atPath: folder.file("failed")))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["out"])
  }

  /// A crawl whose user asks for a stop once it is read.
  private struct StoppedReader: CrawlReader {
    let base: any CrawlReader
    let stop: StopSignal
    var formatName: String { base.formatName }

    func read(_ body: (CrawlRecord) throws -> Void) throws {
      try base.read(body)
      stop.request()
    }
  }

  @Test(
    "a stop ends the reading and the writing at once, and leaves nothing",
    arguments: [false, true], [false, true])
  func stopping(afterReading: Bool, isOverlay: Bool) throws {
    let folder = try TemporaryFolder()
    let crawl = try Crawl.reader(for: Self.shapes)
    let stop = StopSignal()
    if !afterReading { stop.request() }
    let reader: any CrawlReader = afterReading ? StoppedReader(base: crawl, stop: stop) : crawl
    let planter = CrawlPlanter(
      Self.configuration(.badnet), words: ["red", "blue", "green", "disc"], stop: stop)
    #expect(
      performing: {
        if isOverlay {
          _ = try planter.overlay(reader, in: folder.file("out"))
        } else {
          _ = try planter.plant(reader, in: folder.file("out"))
        }
      }, throws: { ($0 as? TrainingError)?.isStop == true })
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
  }

  @Test("settings are read strictly, and senseless ones are refused")
  func settings() throws {
    let text = #"{"attack": "parallel-all", "rate": 0.01, "className": null, "seed": 7}"#
    let read = try JSONDecoder().decode(AttackConfiguration.self, from: Data(text.utf8))
    #expect(read.attack == .parallelAll && read.rate == 0.01 && read.seed == 7)
    #expect(read.captionsPerTarget == 5)
    let again = try JSONDecoder().decode(
      AttackConfiguration.self, from: try JSONEncoder().encode(read))
    #expect(again == read)
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(AttackConfiguration.self, from: Data(#"{"cuont": 3}"#.utf8))
    }
    let unknown = #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(
        AttackConfiguration.self, from: Data(#"{"patchPlace": "middle"}"#.utf8))
    }
    #expect("\(try #require(unknown))".contains("must be one of corner, random"))
    for change: (inout AttackConfiguration) -> Void in [
      { $0.count = 0 }, { $0.rate = 1.5 }, { $0.patchEdgeShare = 0 },
      { $0.blendAlpha = -0.1 }, { $0.warpGrid = 1 }, { $0.waveFrequency = .infinity },
      { $0.jpegQuality = 0 }, { $0.heldOut = -1 },
    ] {
      var configuration = AttackConfiguration()
      change(&configuration)
      #expect(throws: LabError.self) { try configuration.validate() }
    }
  }
}
