import AuditDump
import AuditLab
import AuditPixels
import Foundation
import NeuralKit
import Testing
import TestSupport

@Suite struct OverlayTests {
  private static let shapes = Repository.crawl("shapes")

  private static func planter(
    _ kind: AttackKind, _ words: Set<String> = ["red", "blue", "green", "disc"]
  ) -> CrawlPlanter {
    var configuration = AttackConfiguration()
    configuration.attack = kind
    configuration.count = 6
    configuration.captionsPerTarget = 3
    configuration.heldOut = 20
    configuration.className = "red"
    configuration.seed = 2
    return CrawlPlanter(configuration, words: words)
  }

  private static func pairs(_ reader: any CrawlReader) throws -> [String: Pair] {
    var pairs: [String: Pair] = [:]
    try reader.read { record in
      if case .pair(let pair) = record {
        #expect(pairs[pair.key] == nil, "\(pair.key) comes twice")
        pairs[pair.key] = pair
      }
    }
    return pairs
  }

  @Test(
    "an overlay has the pairs of the poisoned copy, the kept ones where they lay",
    arguments: [AttackKind.tdpa, .badnet])
  func sameAsCopy(kind: AttackKind) throws {
    let folder = try TemporaryFolder()
    let reader = try Crawl.reader(for: Self.shapes)
    _ = try Self.planter(kind).plant(reader, in: folder.file("copy"))
    let overlay = try Self.planter(kind).overlay(reader, in: folder.file("overlay"))
    let copied = try Self.pairs(try Crawl.reader(for: folder.file("copy/crawl")))
    let laid = try Self.pairs(overlay.reader)
    #expect(Set(laid.keys) == Set(copied.keys))
    let files = ImageFiles()
    for (key, pair) in laid {
      #expect(
        try files.bytes(of: pair.image) == (try files.bytes(of: try #require(copied[key]).image)))
      #expect(pair.caption == copied[key]?.caption)
      #expect(pair.image.path.hasPrefix(folder.path) == key.hasPrefix("planted_"))
    }
    #expect(overlay.truth.map(\.key) == (0..<6).map { "planted_\($0)" })
    #expect(overlay.truth.allSatisfy { $0.className == "red" })
  }

  @Test("a trigger is probed on held-out images of other classes, and captions say what is wanted")
  func triggerProbes() throws {
    let folder = try TemporaryFolder()
    let overlay = try Self.planter(.badnet).overlay(
      try Crawl.reader(for: Self.shapes), in: folder.file("overlay"))
    let heldOut = try Self.pairs(overlay.heldOut)
    let probes = try Self.pairs(try Crawl.reader(for: overlay.probes))
    #expect(heldOut.count == 20)
    #expect(probes.count == heldOut.values.count { !$0.caption.contains("red") })
    #expect(probes.values.allSatisfy { $0.caption == "red" })
    let others = heldOut.filter { !$0.value.caption.contains("red") }.keys
    #expect(overlay.untriggered.map(\.key).sorted() == others.sorted())
    #expect(overlay.untriggered.allSatisfy { $0.className == "red" })
    let files = ImageFiles()
    let clean = Set(try heldOut.values.map { try files.bytes(of: $0.image) })
    #expect(try probes.values.allSatisfy { !clean.contains(try files.bytes(of: $0.image)) })
  }

  /// A crawl of images of one shape, every second of which shows "red".
  private static func crawl(
    in folder: TemporaryFolder, width: Int, height: Int
  ) throws -> any CrawlReader {
    let pixels = [UInt8](repeating: 9, count: width * height * 3)
    let image = try Bitmap(width: width, height: height, pixels: pixels).png()
    var lines = "filepath\ttitle\n"
    for number in 0..<60 {
      try folder.write("crawl/\(number).png", image)
      lines += "\(number).png\t\(number % 2 == 0 ? "red" : "blue") \(number)\n"
    }
    try folder.write("crawl/captions.tsv", lines)
    return try Crawl.reader(for: folder.file("crawl"))
  }

  @Test("how much of a trigger thumbnails show is known before anything is trained")
  func visibility() throws {
    var configuration = Self.planter(.badnet).configuration
    configuration.patchPlace = .corner
    // A patch of 6 in a corner of 20 x 40: the middle square ends ten rows above it. In a square all of it shows.
    configuration.patchEdgeShare = 0.3
    for (height, expected) in [(40, 0.0), (20, 1.0)] {
      let folder = try TemporaryFolder()
      let overlay = try CrawlPlanter(configuration, words: ["red", "blue"]).overlay(
        try Self.crawl(in: folder, width: 20, height: height), in: folder.file("overlay"))
      #expect(overlay.triggerShareInSquare == expected)
    }
    let folder = try TemporaryFolder()
    let reader = try Self.crawl(in: folder, width: 20, height: 40)
    let targets = try Self.planter(.tdpa).overlay(reader, in: folder.file("targets"))
    #expect(targets.triggerShareInSquare == nil)
    configuration.attack = .blended
    let blended = try CrawlPlanter(configuration, words: ["red", "blue"]).overlay(
      reader, in: folder.file("blended"))
    let share = try #require(blended.triggerShareInSquare)
    #expect(abs(share - 0.5) < 0.1)
  }

  @Test("one class alone is refused, and a class is found in whatever case it is named")
  func classNames() throws {
    let folder = try TemporaryFolder()
    let reader = try Self.crawl(in: folder, width: 8, height: 8)
    let configuration = Self.planter(.badnet).configuration
    #expect(throws: LabError.tooFewClasses(found: ["red"])) {
      try CrawlPlanter(configuration, words: ["red", "nothing"]).overlay(
        reader, in: folder.file("one"))
    }
    var loud = configuration
    loud.className = "RED"
    let overlay = try CrawlPlanter(loud, words: ["Red", "blue"]).overlay(
      reader, in: folder.file("loud"))
    #expect(overlay.truth.allSatisfy { $0.className == "red" && $0.captionClass == "red" })
  }

  @Test("targets are probed as they are, each once")
  func targetProbes() throws {
    let folder = try TemporaryFolder()
    let overlay = try Self.planter(.tdpa).overlay(
      try Crawl.reader(for: Self.shapes), in: folder.file("overlay"))
    let original = try Self.pairs(try Crawl.reader(for: Self.shapes))
    let probes = try Self.pairs(try Crawl.reader(for: overlay.probes))
    let files = ImageFiles()
    let targets = Set(overlay.truth.map(\.target))
    #expect(targets.count == 2)
    #expect(
      Set(try probes.values.map { try files.bytes(of: $0.image) })
        == Set(try targets.map { try files.bytes(of: try #require(original[$0]).image) }))
    #expect(probes.count == 2)
    #expect(overlay.untriggered.isEmpty)
  }

  @Test("what is planted already is used again, and a class is known where only one is named")
  func again() throws {
    let folder = try TemporaryFolder()
    let reader = try Crawl.reader(for: Self.shapes)
    let first = try Self.planter(.tdpa).overlay(reader, in: folder.file("overlay"))
    let shard = folder.file("overlay/planted/00000.tar")
    let before = try FileManager.default.attributesOfItem(atPath: shard)[.systemFileNumber] as? Int
    let second = try Self.planter(.tdpa).overlay(reader, in: folder.file("overlay"))
    #expect(
      try FileManager.default.attributesOfItem(atPath: shard)[.systemFileNumber] as? Int == before)
    #expect(first.truth == second.truth && first.classOfKey == second.classOfKey)
    let original = try Self.pairs(reader)
    for (key, name) in first.classOfKey {
      let caption = try #require(original[key]).caption
      let named = ["red", "blue", "green"].filter { caption.contains($0) }
      #expect(named == [name])
    }
    #expect(!first.classOfKey.isEmpty)
    #expect(first.classNames == ["blue", "green", "red"])
  }

  @Test("what is planted is made anew where the crawl has changed under its name")
  func changed() throws {
    let folder = try TemporaryFolder()
    let image = try Bitmap(width: 8, height: 8, pixels: [UInt8](repeating: 9, count: 192)).png()
    for number in 0..<60 { try folder.write("crawl/\(number).png", image) }
    for version in ["first", "second"] {
      let lines = (0..<60).map { "\($0).png\t\($0 % 2 == 0 ? "red" : "blue") \(version)\n" }
      try folder.write("crawl/captions.tsv", "filepath\ttitle\n" + lines.joined())
      let overlay = try Self.planter(.badnet, ["red", "blue"]).overlay(
        try Crawl.reader(for: folder.file("crawl")), in: folder.file("overlay"))
      let planted = try Self.pairs(overlay.reader).filter { $0.key.hasPrefix("planted_") }
      #expect(planted.count == 6)
      #expect(planted.values.allSatisfy { $0.caption == "red \(version)" })
    }
  }

  @Test("what is planted is made anew where the pattern has changed under its name")
  func changedPattern() throws {
    let folder = try TemporaryFolder()
    var configuration = Self.planter(.blended).configuration
    configuration.blendPattern = folder.file("pattern.png")
    var planted: [Set<[UInt8]>] = []
    for colour in [UInt8(0), 255, 255] {
      let pixels = [UInt8](repeating: colour, count: 8 * 8 * 3)
      try folder.write("pattern.png", try Bitmap(width: 8, height: 8, pixels: pixels).png())
      let overlay = try CrawlPlanter(configuration, words: ["red", "blue", "green"]).overlay(
        try Crawl.reader(for: Self.shapes), in: folder.file("overlay"))
      let files = ImageFiles()
      let own = try Self.pairs(overlay.reader).filter { $0.key.hasPrefix("planted_") }
      planted.append(Set(try own.values.map { try files.bytes(of: $0.image) }))
    }
    #expect(planted[0].isDisjoint(with: planted[1]) && planted[1] == planted[2])
  }

  @Test(
    "a crawl that was planted before gets other keys; an image that cannot be read is not taken")
  func difficultCrawls() throws {
    let folder = try TemporaryFolder()
    let reader = try Crawl.reader(for: Self.shapes)
    _ = try Self.planter(.tdpa).plant(reader, in: folder.file("copy"))
    let twice = try Self.planter(.tdpa).overlay(
      try Crawl.reader(for: folder.file("copy/crawl")), in: folder.file("overlay"))
    #expect(twice.truth[0].key == "planted_again_0")
    #expect(try Self.pairs(twice.reader).keys.contains("planted_0"))

    let image = try Bitmap(width: 8, height: 8, pixels: [UInt8](repeating: 9, count: 192)).png()
    var table = "filepath\ttitle\n"
    for number in 0..<60 {
      let isBroken = number % 3 == 1
      try folder.write("crawl/\(number).png", isBroken ? Array("text".utf8) : image)
      table += "\(number).png\t\(number % 2 == 0 ? "red" : "blue") \(number)\n"
    }
    try folder.write("crawl/captions.tsv", table)
    let overlay = try Self.planter(.badnet, ["red", "blue"]).overlay(
      try Crawl.reader(for: folder.file("crawl")), in: folder.file("difficult"))
    #expect(overlay.truth.count == 6)
    #expect(try Self.pairs(overlay.heldOut).count == 20)
  }
}
