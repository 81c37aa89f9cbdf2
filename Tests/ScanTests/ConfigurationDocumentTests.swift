import AuditKit
import AuditTraining
import Foundation
import Testing
import TestSupport

@Suite struct ConfigurationDocumentTests {
  @Test("without changes it decodes to the defaults")
  func defaults() throws {
    let document = ConfigurationDocument()
    let configuration = try document.decoded()
    #expect(configuration.training == TrainingConfiguration())
    #expect(configuration.preset == ScanConfiguration().preset)
    #expect(document.explicitNames.isEmpty)
  }

  @Test("later layers win, and all are remembered as explicit")
  func layers() throws {
    var document = ConfigurationDocument()
    let file = #"{"seed": 7, "training": {"batchSize": 64, "epochs": 12}, "training.beta1": 0.5}"#
    try document.merge(json: Data(file.utf8), origin: "a.json")
    try document.set("training.batchSize=96")
    try document.set(" training.method = clip ")
    let configuration = try document.decoded()
    #expect(configuration.seed == 7)
    #expect(configuration.training.batchSize == 96)
    #expect(configuration.training.epochs == 12)
    #expect(configuration.training.beta1 == 0.5)
    #expect(configuration.training.method == .clip)
    #expect(
      document.explicitNames == [
        "seed", "training.batchSize", "training.epochs", "training.beta1", "training.method",
      ])
  }

  @Test("setting a default makes it explicit")
  func explicitDefault() throws {
    var document = ConfigurationDocument()
    try document.set("training.batchSize=\(TrainingConfiguration().batchSize)")
    #expect(document.explicitNames == ["training.batchSize"])
  }

  @Test("its JSON is read back to the same configuration, the largest seed included")
  func roundTrip() throws {
    var document = ConfigurationDocument()
    try document.set("seed=18446744073709551615")
    try document.set("training.learningRate=0.0003")
    var again = ConfigurationDocument()
    try again.merge(json: try document.json(), origin: "again")
    let configuration = try again.decoded()
    #expect(configuration.seed == .max)
    #expect(configuration.training.learningRate == 0.0003)
    #expect(try again.json() == document.json())
  }

  @Test("a text setting takes what looks like a number")
  func numericText() throws {
    var document = ConfigurationDocument()
    try document.set("preset=123")
    #expect(try document.decoded().preset == "123")
  }

  @Test(
    "unknown names are refused with the nearest known one",
    arguments: [
      ("traning.batchSize", "training.batchSize"), ("batchSize", "training.batchSize"),
      ("batchsize", "training.batchSize"), ("training.epoch", "training.epochs"),
      ("training.bacthSize", "training.batchSize"), ("sed", "seed"),
    ])
  func nearest(typed: String, meant: String) {
    var document = ConfigurationDocument()
    #expect(
      throws: ConfigurationError.unknownSetting(
        name: typed, nearest: meant, origin: "--set \(typed)=1")
    ) { try document.set("\(typed)=1") }
  }

  @Test("a name like no other gets no suggestion")
  func noNearest() {
    var document = ConfigurationDocument()
    #expect(
      throws: ConfigurationError.unknownSetting(
        name: "zzzzzzzz", nearest: nil, origin: "--set zzzzzzzz=1")
    ) { try document.set("zzzzzzzz=1") }
  }

  @Test(
    "values of another kind or out of range are refused, and nothing changes",
    arguments: [
      "training.batchSize=1", "training.batchSize=2.5", "training.batchSize=many",
      "training.batchSize=null", "training.safeThreshold=1.5", "training.safeThreshold=-0.1",
      "training.safeSetAugments=1", "training.safeSetAugments=yes", "training.method=magic",
      "seed=-1", "seed=18446744073709551616", "training.learningRate=nan",
      "training.learningRate=[1]", "threads=1e9",
    ])
  func wrongValues(assignment: String) throws {
    var document = ConfigurationDocument()
    let before = try document.json()
    let error = #expect(throws: ConfigurationError.self) { try document.set(assignment) }
    guard case .wrongValue? = error else {
      Issue.record("\(assignment): \(String(describing: error))")
      return
    }
    #expect(try document.json() == before)
    #expect(document.explicitNames.isEmpty)
  }

  @Test(
    "an assignment needs a name, an equals sign and a value",
    arguments: ["", "=", "a", "=1", "seed="])
  func malformed(assignment: String) {
    var document = ConfigurationDocument()
    #expect(throws: ConfigurationError.malformedAssignment(assignment)) {
      try document.set(assignment)
    }
  }

  @Test("a group cannot be set, and a name below a setting is unknown")
  func groups() {
    var document = ConfigurationDocument()
    #expect(throws: ConfigurationError.isGroup(name: "training", origin: "--set training=1")) {
      try document.set("training=1")
    }
    #expect(throws: ConfigurationError.self) {
      try document.merge(json: Data(#"{"seed": {"a": 1}}"#.utf8), origin: "x")
    }
  }

  @Test("a file that is missing, no JSON or no object is named", arguments: ["{", "[1]", "3", ""])
  func brokenFiles(text: String) throws {
    let folder = try TemporaryFolder()
    let path = folder.file("configuration.json")
    var document = ConfigurationDocument()
    #expect(throws: ConfigurationError.unreadableFile(path: path, reason: "there is no such file."))
    {
      try document.merge(jsonFile: path)
    }
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    let error = #expect(throws: ConfigurationError.self) { try document.merge(jsonFile: path) }
    #expect("\(error.map(\.description) ?? "")".hasPrefix(path))
  }

  @Test("a configuration made in code is held against the same limits")
  func checkInCode() throws {
    var configuration = ScanConfiguration()
    try configuration.check()
    configuration.training.safeThreshold = 2
    #expect(
      throws: ConfigurationError.wrongValue(
        name: "training.safeThreshold", value: "2", expected: "a number from 0 to 1",
        origin: "configuration")
    ) { try configuration.check() }
    configuration.training.safeThreshold = .infinity
    #expect(throws: ConfigurationError.self) { try configuration.check() }
  }
}
