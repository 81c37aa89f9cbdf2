import Foundation
import Testing
import TestSupport

@Suite(.timeLimit(.minutes(20))) struct ExportCommandTests {
  @Test("CSV begins with the columns of the contract and has no ties in risk")
  func csv() async throws {
    let fixture = try ReportFixture.make()
    let run = try await CommandRun("export", fixture.path)
    #expect(run.status == 0, "\(run.errors)")
    let lines = run.output.split(separator: "\n")
    #expect(lines.first?.hasPrefix("key,source,risk,similarity,posterior,safe,") == true)
    #expect(lines.count == 71)
    let risks = lines.dropFirst().map { $0.split(separator: ",")[2] }
    #expect(Set(risks).count == 70)
    let values = risks.compactMap { Double($0) }
    #expect(values == values.sorted(by: >))
  }

  @Test("safe and risky keys together are all keys")
  func selections() async throws {
    let fixture = try ReportFixture.make()
    var keys: [String: Set<String>] = [:]
    for what in ["safe", "risky", "all"] {
      let run = try await CommandRun("export", fixture.path, "--what", what, "--format", "txt")
      keys[what] = Set(run.output.split(separator: "\n").map(String.init))
    }
    let safe = try #require(keys["safe"])
    let risky = try #require(keys["risky"])
    #expect(!safe.isEmpty && safe.isDisjoint(with: risky))
    #expect(safe.union(risky) == keys["all"])
  }

  @Test("every JSON line parses and carries the caption unchanged")
  func jsonLines() async throws {
    let fixture = try ReportFixture.make()
    let run = try await CommandRun("export", fixture.path, "--format", "jsonl")
    var captions: Set<String> = []
    for line in run.output.split(separator: "\n") {
      let object = try #require(
        try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
      captions.insert(try #require(object["caption"] as? String))
    }
    #expect(captions == Set(ReportFixture.captions))
  }

  @Test("a file is written whole, equal to standard output, with nothing beside it")
  func file() async throws {
    let fixture = try ReportFixture.make()
    let path = fixture.folder.file("pairs.csv")
    let toFile = try await CommandRun("export", fixture.path, "-o", path, "--json")
    #expect(toFile.status == 0, "\(toFile.errors)")
    let written = try #require(
      try JSONSerialization.jsonObject(with: Data(toFile.output.utf8)) as? [String: Any])
    #expect(written["pairs"] as? Int == 70)
    let output = try await CommandRun("export", fixture.path).output
    #expect(try String(contentsOfFile: path, encoding: .utf8) == output)
    #expect(try !fixture.folder.names.contains { $0.hasSuffix(".partial") })
  }

  @Test("a place that cannot be written ends with 1 and leaves nothing")
  func unwritable() async throws {
    let fixture = try ReportFixture.make()
    let run = try await CommandRun("export", fixture.path, "-o", "/nowhere/pairs.csv")
    #expect(run.status == 1)
    #expect(run.errors.contains("/nowhere/pairs.csv cannot be written: No such file or directory."))
  }

  @Test("a run without scores is said to have none")
  func noScores() async throws {
    let fixture = try ReportFixture.make(withSecondRun: true)
    let run = try await CommandRun("export", fixture.path, "--run", "2")
    #expect([0, 1].contains(run.status))
    #expect(
      run.status == 0
        ? run.output.split(separator: "\n").count == 1 : run.errors.contains("no risks"))
  }
}
