import AuditKit
import Foundation
import Testing
import TestSupport

@Suite(.timeLimit(.minutes(20))) struct SettingsCommandTests {
  private struct Row: Decodable {
    var name: String
    var value: SettingValue
    var `default`: SettingValue
    var explicit: Bool
    var help: String
  }

  @Test("--json lists every setting once, with the value in force")
  func json() async throws {
    let run = try await CommandRun(
      "settings", "--json", "--set", "training.batchSize=96", "--seed", "18446744073709551615")
    #expect(run.status == 0)
    let rows = try JSONDecoder().decode([Row].self, from: Data(run.output.utf8))
    #expect(rows.map(\.name) == Setting.all.map(\.name))
    let byName = Dictionary(uniqueKeysWithValues: rows.map { ($0.name, $0) })
    #expect(byName["training.batchSize"]?.value == .whole(96))
    #expect(byName["training.batchSize"]?.explicit == true)
    #expect(byName["seed"]?.value == .large(.max))
    #expect(byName["training.epochs"]?.explicit == false)
  }

  @Test("what --document prints is taken by --config and changes nothing")
  func documentRoundTrip() async throws {
    let document = try await CommandRun("settings", "--document", "--set", "training.epochs=7")
    let folder = try TemporaryFolder()
    let file = try folder.write("settings.json", document.output)
    let again = try await CommandRun("settings", "--document", "--config", file)
    #expect(again.status == 0, "\(again.errors)")
    #expect(again.output == document.output)
    #expect(again.output.contains("\"epochs\" : 7"))
  }

  @Test(
    "a wrong setting on the command line ends with 64 and says what would be right",
    arguments: [
      (["--set", "traning.batchSize=3"], "Did you mean 'training.batchSize'?"),
      (["--set", "training.batchSize=many"], "takes a whole number from 2"),
      (["--set", "training.batchSize"], "expected NAME=VALUE"),
      (["--set", "training=3"], "is a group of settings"),
      (["--method", "magic"], "safeclip"),
      (["--threads=-3"], "from 0 to 1024"),
    ])
  func wrongSettings(arguments: [String], message: String) async throws {
    let run = try await CommandRun(["settings"] + arguments)
    #expect(run.status == 64)
    #expect(run.errors.contains(message), "\(run.errors)")
    #expect(run.output.isEmpty)
  }

  @Test("a configuration file that is missing or wrong ends with 1 and is named")
  func wrongFile() async throws {
    let run = try await CommandRun("settings", "--config", "/nowhere/scan.json")
    #expect(run.status == 1)
    #expect(run.errors.contains("/nowhere/scan.json: there is no such file."))
  }

  @Test("a word that no setting has ends with 1")
  func noMatch() async throws {
    #expect(try await CommandRun("settings", "zebra").status == 1)
    #expect(try await CommandRun("settings", "batchsize").output.contains("training.batchSize"))
  }
}
