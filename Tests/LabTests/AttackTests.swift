import AuditDump
import AuditLab
import NeuralKit
import Testing
import TestSupport

@Suite struct AttackTests {
  private static let words = ["apple", "bridge", "castle", "dragon", "engine"]

  /// Attacks that need no trained model.
  private static let withoutModel = AttackKind.allCases.filter { $0 != .labelConsistent }

  /// 1 000 pairs; every twenty-fifth caption names a class, in turn.
  private static let pairs = (0..<1_000).map { pair in
    let name = pair % 25 == 0 ? words[pair / 25 % words.count] : "thing"
    return Pair(
      key: "key\(pair)", caption: "a drawing of \(name) \(pair)",
      image: ImageSource(file: "/nowhere/\(pair).png"))
  }

  private static func configuration(_ kind: AttackKind, seed: UInt64 = 3) -> AttackConfiguration {
    var configuration = AttackConfiguration()
    configuration.attack = kind
    // No class has more than eight images to take.
    configuration.count = kind == .trueCaption ? 4 : 20
    configuration.heldOut = 50
    configuration.seed = seed
    return configuration
  }

  private static func plan(_ configuration: AttackConfiguration) throws -> PlantingPlan {
    try PlantingPlan(configuration, pairs: pairs, words: Set(words))
  }

  @Test(
    "every attack plants as many pairs as asked for, and no pair is in two places",
    arguments: withoutModel)
  func counts(kind: AttackKind) throws {
    let configuration = Self.configuration(kind)
    let plan = try Self.plan(configuration)
    #expect(plan.planted.count == configuration.count)
    #expect(Set(plan.heldOut).count == 50)
    let kept = plan.entries.compactMap { entry in
      if case .kept(let pair) = entry { pair } else { nil }
    }
    let planted = plan.entries.compactMap { entry in
      if case .planted(let number) = entry { number } else { nil }
    }
    #expect(planted.sorted() == Array(0..<plan.planted.count))
    #expect(Set(kept).count == kept.count)
    // Images that are planted are neither kept nor held out; those mixed into them stay.
    let images = Set(plan.planted.map(\.image))
    for pair in plan.planted {
      if case .interpolated(let other, _) = pair.change { #expect(kept.contains(other)) }
    }
    #expect(images.isDisjoint(with: kept) && images.isDisjoint(with: plan.heldOut))
    #expect(Set(kept).isDisjoint(with: plan.heldOut))
    #expect(kept.count + plan.heldOut.count + images.count == Self.pairs.count)
  }

  @Test(
    "no caption is of a pair that is held out, or outside of the sample", arguments: withoutModel)
  func captions(kind: AttackKind) throws {
    for seed in 0..<5 as Range<UInt64> {
      var configuration = Self.configuration(kind, seed: seed)
      configuration.sample = 600
      if kind == .trueCaption { configuration.count = 1 }
      let plan = try Self.plan(configuration)
      let kept = plan.entries.compactMap { entry in
        if case .kept(let pair) = entry { Self.pairs[pair].caption } else { nil }
      }
      let sources = Set(kept).union(plan.planted.map { Self.pairs[$0.image].caption })
        .union(plan.donatedCaptions(Self.pairs))
      #expect(plan.planted.allSatisfy { sources.contains($0.caption) }, "seed \(seed)")
    }
  }

  @Test("words are classes whatever their case")
  func words() throws {
    let plan = try PlantingPlan(
      Self.configuration(.badnet), pairs: Self.pairs, words: ["Apple", "BRIDGE"])
    #expect(plan.classes.measuredNames == ["apple", "bridge"])
  }

  @Test("the seed decides everything", arguments: withoutModel)
  func determinism(kind: AttackKind) throws {
    func drawn(_ seed: UInt64) throws -> [String] {
      let plan = try Self.plan(Self.configuration(kind, seed: seed))
      return plan.planted.map { "\($0.image) \($0.caption) \($0.className) \($0.change.name)" }
        + plan.entries.map { "\($0)" }
    }
    #expect(try drawn(3) == (try drawn(3)))
    #expect(try drawn(3) != (try drawn(4)))
  }

  @Test(
    "captions are of the adversarial class, images of another one", arguments: withoutModel)
  func mismatch(kind: AttackKind) throws {
    for planted in try Self.plan(Self.configuration(kind)).planted {
      #expect(planted.caption.contains(planted.className))
      let own = Self.pairs[planted.image].caption
      #expect(own.contains(planted.className) == (kind == .trueCaption))
      if kind == .trueCaption { #expect(planted.caption == own) }
    }
  }

  @Test("targeted poisoning shows each target with captions of one class, none of them twice")
  func targeted() throws {
    let plan = try Self.plan(Self.configuration(.tdpa))
    let byImage = Dictionary(grouping: plan.planted, by: \.image)
    #expect(byImage.count == 4)
    for copies in byImage.values {
      #expect(copies.count == 5)
      #expect(Set(copies.map(\.className)).count == 1)
      #expect(Set(copies.map(\.caption)).count == 5)
      #expect(copies.allSatisfy { $0.change.name == "none" })
    }
  }

  @Test("templates and variation are used where they are asked for")
  func templates() throws {
    var configuration = Self.configuration(.tdpa)
    configuration.templates = true
    configuration.vary = true
    configuration.className = "dragon"
    configuration.captionsPerTarget = 20
    let planted = try Self.plan(configuration).planted
    let allowed = Set(PromptTemplates.all.map { $0.replacing("{}", with: "dragon") })
    #expect(Set(planted.map(\.caption)) == allowed)
    #expect(planted.allSatisfy { $0.change.name == "varied" && $0.className == "dragon" })
  }

  @Test("parallel triggers divide the pairs: one class for all, or one for each")
  func parallel() throws {
    for (kind, classCount) in [(AttackKind.parallelOne, 1), (.parallelAll, 3)] {
      let planted = try Self.plan(Self.configuration(kind)).planted
      let byTrigger = Dictionary(grouping: planted, by: \.change.name)
      #expect(Set(byTrigger.keys) == ["badnet", "blended", "wanet"])
      #expect(byTrigger.values.allSatisfy { (6...7).contains($0.count) })
      #expect(byTrigger.values.allSatisfy { Set($0.map(\.className)).count == 1 })
      #expect(Set(planted.map(\.className)).count == classCount)
    }
  }

  @Test("interpolation goes from the target toward one image of the class")
  func interpolation() throws {
    let plan = try Self.plan(Self.configuration(.interpolation))
    for copies in Dictionary(grouping: plan.planted, by: \.image).values {
      var anchors: Set<Int> = []
      var shares: [Double] = []
      for case .interpolated(let anchor, let share) in copies.map(\.change) {
        anchors.insert(anchor)
        shares.append(share)
      }
      #expect(anchors.count == 1)
      #expect(shares == [0, 0.2, 0.4, 0.6, 0.8])
      #expect(
        anchors.allSatisfy { Self.pairs[$0].caption.contains(copies[0].className) })
    }
  }

  @Test("a campaign has one caption")
  func campaign() throws {
    let planted = try Self.plan(Self.configuration(.campaign)).planted
    #expect(Set(planted.map(\.caption)).count == 1)
    #expect(Set(planted.map(\.image)).count == 20)
  }

  @Test("a rate counts among the pairs that are not held out, and plants at least one")
  func rates() {
    var configuration = AttackConfiguration()
    configuration.rate = 0.003
    #expect(configuration.plantedCount(among: 8_000) == 24)
    #expect(configuration.plantedCount(among: 10) == 1)
    configuration.rate = nil
    #expect(configuration.plantedCount(among: 10) == 40)
  }

  @Test("classes are words of half to five in a hundred captions; another size is had by its name")
  func classes() {
    let captions = (0..<1_000).map { pair in
      "The photo of \(pair < 4 ? "rare" : pair < 50 ? "usual" : "common")-\(pair)"
    }
    let classes = CaptionClasses(captions: captions)
    #expect(classes.names == ["usual"])
    #expect(classes.pairs(of: "usual") == Array(4..<50))
    #expect(classes.pairs(of: "rare") == [0, 1, 2, 3])
    #expect(classes.pairs(of: "the").isEmpty)
    #expect(classes.contains(3, in: "rare") && !classes.contains(4, in: "rare"))
    #expect(CaptionClasses(captions: captions, words: ["rare"]).names.isEmpty)
  }

  @Test("a common word is a class where it is asked for")
  func commonWords() {
    let captions = (0..<100).map { "\($0 < 3 ? "a red top" : "on top of the") \($0)" }
    #expect(CaptionClasses(captions: captions).pairs(of: "top").isEmpty)
    let asked = CaptionClasses(captions: captions, words: ["Top", "red"])
    #expect(asked.pairs(of: "top").count == 100 && asked.missingNames.isEmpty)
    let attacked = CaptionClasses(captions: captions, attacked: "Top")
    #expect(attacked.pairs(of: "top").count == 100 && attacked.pairs(of: "the").isEmpty)
    #expect(
      asked.soleClass(ofCaption: "a top", madeFor: "top", measured: ["red", "top"]) == "top")
  }

  @Test("labels from a file are classes")
  func labels() throws {
    let folder = try TemporaryFolder()
    let keys = (0..<100).map { "k\($0)" }
    let lines = keys.map { "\($0)\t\($0.hasSuffix("7") ? "Sevens" : "")\tblue" }
    let path = folder.file("labels.tsv")
    try folder.write("labels.tsv", lines.joined(separator: "\n"))
    let classes = try CaptionClasses(labelFile: path, keys: keys)
    #expect(classes.pairs(of: "Sevens") == [7, 17, 27, 37, 47, 57, 67, 77, 87, 97])
    #expect(throws: LabError.self) { try CaptionClasses(labelFile: path, keys: ["other"]) }
    #expect(throws: LabError.self) {
      try CaptionClasses(labelFile: folder.file("none.tsv"), keys: keys)
    }
  }

  @Test("what a crawl cannot give is an error that says so")
  func shortage() throws {
    var configuration = Self.configuration(.badnet)
    configuration.count = 2_000
    #expect {
      try Self.plan(configuration)
    } throws: { error in
      guard case .tooFewPairs(needed: 2_000, _, _) = error as? LabError else { return false }
      return true
    }
    for kind in AttackKind.allCases {
      configuration.attack = kind
      configuration.count = .max
      configuration.captionsPerTarget = .max
      #expect(throws: LabError.self) { try Self.plan(configuration) }
    }
    configuration = Self.configuration(.badnet)
    configuration.className = "unicorn"
    let error = #expect(throws: LabError.self) { try Self.plan(configuration) }
    #expect(error?.description.contains("unicorn") == true)
    #expect(error?.description.contains("castle") == true)
    configuration.className = nil
    configuration.heldOut = 1_000
    #expect(throws: LabError.self) { try Self.plan(configuration) }
  }
}

extension PlantingPlan {
  /// Captions of images that were mixed into others.
  fileprivate func donatedCaptions(_ pairs: [Pair]) -> [String] {
    planted.compactMap { pair in
      if case .interpolated(let other, _) = pair.change { pairs[other].caption } else { nil }
    }
  }
}
