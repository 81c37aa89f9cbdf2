import AuditKit
import AuditLab
import AuditTraining
import Foundation
import Testing
import TestSupport

@Suite struct LabConfigurationTests {
  private static func read(_ text: String) throws -> LabConfiguration {
    try JSONDecoder().decode(LabConfiguration.self, from: Data(text.utf8))
  }

  @Test("a grid has every attack with every method and every seed, seed by seed")
  func trials() throws {
    var lab = try Self.read(
      """
      {"crawl": "c", "attacks": [{"attack": "badnet", "rate": 0.01}, {"attack": "tdpa"}],
       "methods": ["clip", {"name": "no pool", "settings": {"training.poolCapacity": 0}}],
       "seeds": 2, "firstSeed": 5, "settings": {"training.epochs": 4}}
      """)
    try lab.validate()
    let trials = try lab.trials()
    #expect(trials.map(\.seed) == [5, 5, 5, 5, 6, 6, 6, 6])
    #expect(
      trials.prefix(4).map { "\($0.attackName) \($0.method)" } == [
        "badnet, 1 % clip", "badnet, 1 % no pool", "tdpa, 40 pairs clip",
        "tdpa, 40 pairs no pool",
      ])
    #expect(trials.allSatisfy { $0.attack.seed == $0.seed })
    let pool = try trials[1].document.decoded()
    #expect(pool.training.poolCapacity == 0 && pool.training.epochs == 4 && pool.seed == 5)
    #expect(trials[1].document.explicitNames.contains("training.poolCapacity"))
    lab.seeds = 3
    #expect(try lab.trials().count == 12)
  }

  @Test("grids are read strictly, and senseless ones are refused")
  func strictness() throws {
    for text in [
      #"{"crwal": "c"}"#, #"{"methods": ["magic"]}"#, #"{"methods": [{"settings": {}}]}"#,
      #"{"attacks": [{"atack": "tdpa"}]}"#, #"{"methods": [{"name": "a", "seting": {}}]}"#,
      #"{"methods": [{"name": "clean-model"}]}"#,
      #"{"methods": [{"name": "clip", "settings": {"training.method": "safeclip"}}]}"#,
    ] {
      #expect(throws: DecodingError.self, "\(text)") { try Self.read(text) }
    }
    for change: (inout LabConfiguration) -> Void in [
      { $0.crawl = "" }, { $0.attacks = [] }, { $0.methods = [] }, { $0.seeds = 0 },
      { $0.methods += $0.methods }, { $0.templates = ["a thing"] }, { $0.probePairs = -1 },
      { $0.settings = ["training.epcohs": .whole(3)] }, { $0.attacks[0].count = 0 },
      { $0.settings = ["training.epochs": .text("three")] }, { $0.settings = ["seed": .whole(5)] },
      { $0.methods[0].settings["seed"] = .whole(5) },
    ] {
      var lab = LabConfiguration()
      lab.crawl = "c"
      try lab.validate()
      change(&lab)
      #expect(throws: (any Error).self) { try lab.validate() }
    }
  }

  @Test("an object with the name of a training method trains by it")
  func namedMethods() throws {
    let lab = try Self.read(
      """
      {"crawl": "c", "methods": [
        {"name": "roclip", "settings": {"training.matchingFrequency": 3}}, {"name": "cleanclip"},
        {"name": "mine", "settings": {"training.method": "cleanclip"}, "trustedShare": 0.1},
        {"name": "no pool", "settings": {"training.poolCapacity": 0}}]}
      """)
    #expect(
      try lab.trials().map { try $0.document.decoded().training.method } == [
        .roclip, .cleanclip, .cleanclip, .safeclip,
      ])
    #expect(lab.methods.map(\.trustedShare) == [nil, 0.05, 0.1, nil])
    #expect(lab.methods[0].settings["training.matchingFrequency"] == .whole(3))
  }

  @Test("settings that cannot train together are told with their method before anything is read")
  func untrainable() throws {
    let lab = try Self.read(
      """
      {"crawl": "c", "settings": {"training.epochs": 10}, "methods": ["clip", "safeclip", "cleanclip"]}
      """)
    #expect(
      throws: LabError.invalidSetting(
        name: "training.epochs of 'cleanclip'", value: "10",
        expected: "more than training.cleaningEpochs, 10")
    ) { try lab.validateTraining() }
    var longer = lab
    longer.settings["training.epochs"] = .whole(20)
    try longer.validateTraining()
    longer.methods.append(
      TrialMethod(name: "long", settings: ["training.warmUpEpochs": .whole(21)]))
    #expect(throws: LabError.self) { try longer.validateTraining() }
  }

  @Test("what is written is read again")
  func roundTrip() throws {
    var lab = LabConfiguration()
    lab.crawl = "c"
    lab.words = ["a", "b"]
    lab.methods.append(TrialMethod(name: "x", settings: ["training.epochs": .whole(3)]))
    let text = String(decoding: try JSONEncoder().encode(lab), as: UTF8.self)
    #expect(try Self.read(text) == lab)
  }

  @Test("the grids in Benchmarks are ones that can be run")
  func grids() throws {
    let folder = Repository.root.appending(path: "Benchmarks/lab")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path())
    #expect(!names.isEmpty)
    for name in names where name.hasSuffix(".json") {
      let data = try Data(contentsOf: folder.appending(path: name))
      let lab = try JSONDecoder().decode(LabConfiguration.self, from: data)
      try lab.validate()
      try lab.validateTraining()
    }
  }
}
